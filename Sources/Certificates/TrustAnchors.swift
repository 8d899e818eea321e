// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

extension Certificate {
    /// Extracts the CA certificates from a PEM file, and skips everything else, such as a key.
    ///
    /// - Parameters:
    ///   - pem: the bytes of the file.
    ///   - file: the file's name, for errors.
    ///   - host: a host that the CA must be allowed to sign for; checked only if regstatic made the CA.
    /// - Returns: the certificates in PEM.
    /// - Throws: `CertificateError` if the file has no certificate, or one that is not a CA.
    package static func trustAnchors(
        pem: [UInt8],
        file: String,
        for host: Host? = nil
    ) throws(CertificateError) -> String {
        var bytes: [UInt8] = []
        for certificate in try all(pem: pem, file: file) {
            guard certificate.isTrustAnchor else { throw .notAnAuthority(file) }
            if let host { try certificate.checkLimits(for: host, file: file) }
            bytes += try certificate.pem()
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
