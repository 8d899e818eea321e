// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto
internal import Glibc

/// An X.509 certificate.
@safe package final class Certificate {
    let handle: OpaquePointer

    /// Takes ownership of a certificate that libcrypto made.
    init(owning handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe X509_free(handle) }

    /// Reads the certificates of a PEM file in order; throws if there is none.
    ///
    /// `file` is used in error messages.
    package static func all(
        pem: [UInt8],
        file: String
    ) throws(CertificateError) -> [Certificate] {
        let buffer = try PEMBuffer(pem)
        var certificates: [Certificate] = []
        while let handle = unsafe PEM_read_bio_X509(buffer.stream, nil, nil, nil) {
            certificates.append(unsafe Certificate(owning: handle))
        }
        // A damaged certificate must not be taken for the end of the file.
        let isEnd = OpenSSL.isEndOfPEM
        let reason = OpenSSL.reason
        guard !certificates.isEmpty, isEnd else { throw .unreadable(file, reason: reason) }
        return certificates
    }

    package func pem() throws(CertificateError) -> [UInt8] {
        let buffer = try PEMBuffer()
        try OpenSSL.check(unsafe PEM_write_bio_X509(buffer.stream, handle), "write a certificate")
        return buffer.contents()
    }

    /// The subject's common name; empty if it has none.
    package var name: String {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = unsafe X509_NAME_get_text_by_NID(
            X509_get_subject_name(handle),
            NID_commonName,
            &buffer,
            Int32(buffer.count)
        )
        return String(
            decoding: buffer.prefix(Int(max(0, count))).map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }

    package var begin: Timestamp { unsafe Self.moment(X509_get0_notBefore(handle)) }
    package var end: Timestamp { unsafe Self.moment(X509_get0_notAfter(handle)) }

    /// Lower-case hex digits.
    package var serial: String {
        unsafe Self.bytes(X509_get0_serialNumber(handle)).map { Self.hex($0) }.joined()
    }

    /// The SHA-256 fingerprint, as `openssl x509 -fingerprint -sha256` and browsers show it.
    package var fingerprint: String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let status = unsafe X509_digest(handle, EVP_sha256(), &bytes, nil)
        precondition(status == 1, "libcrypto failed to hash")
        return bytes.map { Self.hex($0).uppercased() }.joined(separator: ":")
    }

    var isAuthority: Bool { unsafe X509_check_ca(handle) == 1 && X509_self_signed(handle, 1) == 1 }

    /// Whether a client can be configured to trust this certificate, because it is a CA or
    /// self-signed.
    package var isTrustAnchor: Bool {
        unsafe X509_check_ca(handle) != 0 || X509_self_signed(handle, 1) == 1
    }

    func matches(_ key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return unsafe X509_check_private_key(handle, key.handle) == 1
    }

    package func isSigned(by authority: Certificate) -> Bool {
        defer { ERR_clear_error() }
        return unsafe X509_check_issued(authority.handle, handle) == X509_V_OK
            && X509_verify(handle, X509_get0_pubkey(authority.handle)) == 1
    }

    /// Whether both certificates have the same bytes.
    package func equals(_ other: Certificate) -> Bool { unsafe X509_cmp(handle, other.handle) == 0 }

    private static func moment(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return Timestamp(seconds: 0) }
        return unsafe Timestamp(seconds: timegm(&parts))
    }

    static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let start = unsafe ASN1_STRING_get0_data(string) else { return [] }
        let count = unsafe Int(ASN1_STRING_length(string))
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
