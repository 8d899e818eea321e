// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// Errors of libcrypto.
enum OpenSSL {
    static func failure(_ operation: String) -> CertificateError {
        .library(operation: operation, reason: reason)
    }

    /// Throws unless a call returned 1, which means success.
    static func check(_ status: Int32, _ operation: String) throws(CertificateError) {
        guard status == 1 else { throw failure(operation) }
    }

    /// Whether the last failure only means that a PEM file has no more items.
    static var isEndOfPEM: Bool {
        let error = ERR_peek_last_error()
        return ERR_GET_LIB(error) == Int32(ERR_LIB_PEM)
            && ERR_GET_REASON(error) == PEM_R_NO_START_LINE
    }

    /// The reason for the last failure; reading it clears libcrypto's error queue.
    static var reason: String {
        defer { ERR_clear_error() }
        let text = unsafe ERR_reason_error_string(ERR_peek_last_error())
        return unsafe text.map { unsafe String(cString: $0) } ?? "no reason given"
    }
}
