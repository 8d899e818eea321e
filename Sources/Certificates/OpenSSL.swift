// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// What libcrypto says when a call fails.
enum OpenSSL {
    static func failure(_ operation: String) -> CertificateError {
        .library(operation: operation, reason: reason)
    }

    /// For calls that return 1 when all is well.
    static func check(_ status: Int32, _ operation: String) throws(CertificateError) {
        guard status == 1 else { throw failure(operation) }
    }

    /// Of the last failure; takes it from the queue.
    static var reason: String {
        defer { ERR_clear_error() }
        let text = unsafe ERR_reason_error_string(ERR_peek_last_error())
        return unsafe text.map { unsafe String(cString: $0) } ?? "no reason given"
    }
}
