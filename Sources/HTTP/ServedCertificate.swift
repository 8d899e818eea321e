// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The content of a server's certificate.
package struct ServedCertificate: Hashable, Sendable {
    package let subject: String
    package let issuer: String
    /// The subject's alternative names, as OpenSSL prints them.
    package let names: String
    /// Seconds since 1970; nil if the date can't be read.
    package let notBefore: Int?
    package let notAfter: Int?

    package init(
        subject: String,
        issuer: String,
        names: String = "",
        notBefore: Int? = nil,
        notAfter: Int? = nil
    ) {
        self.subject = subject
        self.issuer = issuer
        self.names = names
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    package var isSelfSigned: Bool { subject == issuer }
}

/// The findings about a server's TLS, each independent of the others.
package struct TLSReport: Hashable, Sendable {
    /// The reason why the certificate isn't trusted.
    package enum Distrust: Hashable, Sendable {
        /// No trusted CA signed the certificate, or a certificate of the chain is missing.
        case issuer(String)
        /// The certificate is not valid yet, or has expired.
        case dates(String)
    }

    /// The server's own certificate, followed by the others that it sent.
    package var chain: [ServedCertificate]
    package var distrust: Distrust?
    /// The reason why the certificate doesn't match the requested name.
    package var wrongName: String?

    package init(chain: [ServedCertificate], distrust: Distrust? = nil, wrongName: String? = nil) {
        self.chain = chain
        self.distrust = distrust
        self.wrongName = wrongName
    }

    package var isTrusted: Bool { distrust == nil && wrongName == nil }
}
