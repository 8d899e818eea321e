// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What a server's certificate says of itself.
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

/// What was found out about a server's TLS; each point for itself, as one fault hides no other.
package struct TLSReport: Hashable, Sendable {
    /// What is wrong with the chain of trust.
    package enum Distrust: Hashable, Sendable {
        /// No trusted authority signed it, or its chain has a gap.
        case issuer(String)
        /// It is not yet valid, or not any more.
        case dates(String)
    }

    /// The server's own certificate first, then what it sent along.
    package var chain: [ServedCertificate]
    package var distrust: Distrust?
    /// Why the certificate doesn't fit the name that was asked for.
    package var wrongName: String?

    package init(chain: [ServedCertificate], distrust: Distrust? = nil, wrongName: String? = nil) {
        self.chain = chain
        self.distrust = distrust
        self.wrongName = wrongName
    }

    package var isTrusted: Bool { distrust == nil && wrongName == nil }
}
