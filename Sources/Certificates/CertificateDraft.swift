// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// The content of a certificate before it is signed.
struct CertificateDraft {
    /// The subject, which is one attribute: OpenSSL's number of the attribute, and a text of at
    /// most 64 bytes.
    let subject: (kind: Int32, text: String)
    let begin: Timestamp
    let end: Timestamp
    /// The extensions, by the number that OpenSSL gives each of them.
    ///
    /// The values use the notation of OpenSSL's configuration and are already validated.
    let extensions: KeyValuePairs<Int32, String>

    /// Makes the certificate of a key, signed by the issuer or, without an issuer, by the key.
    func signed(
        for key: PrivateKey,
        by issuer: (certificate: Certificate, key: PrivateKey)? = nil
    ) throws(CertificateError) -> Certificate {
        guard let handle = unsafe X509_new() else { throw OpenSSL.failure("get memory") }
        let certificate = unsafe Certificate(owning: handle)
        let operation = "fill in a certificate"
        try OpenSSL.check(unsafe X509_set_version(handle, Self.version3), operation)
        try setSerial(of: certificate)
        try setNames(of: certificate, issuer?.certificate)
        guard unsafe ASN1_TIME_set(X509_getm_notBefore(handle), begin.seconds) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(handle), end.seconds) != nil
        else { throw OpenSSL.failure(operation) }
        try OpenSSL.check(unsafe X509_set_pubkey(handle, key.handle), operation)
        try addExtensions(to: certificate, issuer?.certificate ?? certificate)
        let signer = issuer?.key ?? key
        guard unsafe X509_sign(handle, signer.handle, EVP_sha256()) > 0 else {
            throw OpenSSL.failure("sign a certificate")
        }
        return certificate
    }

    /// Version 3; the encoding counts versions from 0.
    private static let version3 = 2

    /// Sets a positive serial number of 16 random bytes.
    ///
    /// Two certificates of the same CA must not have the same number.
    private func setSerial(of certificate: Certificate) throws(CertificateError) {
        var bytes = [UInt8](repeating: 0, count: 16)
        try OpenSSL.check(unsafe RAND_bytes(&bytes, 16), "get random numbers")
        bytes[0] = bytes[0] & 0x7F | 0x40
        let number = unsafe BN_bin2bn(bytes, 16, nil)
        defer { unsafe BN_free(number) }
        let serial = unsafe X509_get_serialNumber(certificate.handle)
        guard unsafe BN_to_ASN1_INTEGER(number, serial) != nil else {
            throw OpenSSL.failure("number a certificate")
        }
    }

    private func setNames(
        of certificate: Certificate,
        _ issuer: Certificate?
    ) throws(CertificateError) {
        let name = unsafe X509_get_subject_name(certificate.handle)
        let text = subject.text
        try OpenSSL.check(
            unsafe X509_NAME_add_entry_by_NID(
                name,
                subject.kind,
                MBSTRING_FLAG | 1,
                Array(text.utf8),
                Int32(text.utf8.count),
                -1,
                0
            ),
            "name a certificate"
        )
        let issuerName = unsafe issuer.map { unsafe X509_get_subject_name($0.handle) } ?? name
        try OpenSSL.check(
            unsafe X509_set_issuer_name(certificate.handle, issuerName),
            "name a certificate"
        )
    }

    private func addExtensions(
        to certificate: Certificate,
        _ issuer: Certificate
    ) throws(CertificateError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer.handle, certificate.handle, nil, nil, 0)
        for (number, value) in extensions {
            let made = unsafe X509V3_EXT_conf_nid(nil, &context, number, value)
            defer { unsafe X509_EXTENSION_free(made) }
            guard unsafe made != nil, unsafe X509_add_ext(certificate.handle, made, -1) == 1 else {
                throw OpenSSL.failure("extend a certificate")
            }
        }
    }
}
