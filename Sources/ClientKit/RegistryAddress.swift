// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Certificates

/// Where clients reach a registry, and whom they trust there.
package struct RegistryAddress: Hashable, Sendable {
    package enum Transport: Hashable, Sendable {
        case http
        /// With a CA that clients don't know yet, or without one that they have to be told about.
        case https(TrustedCA?)
    }

    package let host: RegistryHost
    package let transport: Transport

    package init(
        _ host: RegistryHost,
        _ transport: Transport
    ) throws(RegistryHostError) {
        guard host.isRecognised else { throw .unrecognised(host) }
        self.host = host
        self.transport = transport
    }

    package var isPlain: Bool { transport == .http }

    package var authority: TrustedCA? {
        if case .https(let authority) = transport { authority } else { nil }
    }

    /// Without a path: `https://registry.plant.lan:5000`.
    package var url: String { "\(isPlain ? "http" : "https")://\(host)" }
}

/// The certificate of a CA, perhaps several, as clients read it.
package struct TrustedCA: Hashable, Sendable {
    package let pem: String

    /// Takes the certificates of a PEM file and nothing else: a key beside them stays where it is.
    ///
    /// With a host, they must not be limited to others.
    package init(
        reading pem: [UInt8],
        file: String,
        for host: Host? = nil
    ) throws(CertificateError) {
        var bytes: [UInt8] = []
        for certificate in try Certificate.all(pem: pem, file: file) {
            guard certificate.isTrustAnchor else { throw .notAnAuthority(file) }
            if let host { try certificate.checkLimits(for: host, file: file) }
            bytes += try certificate.pem()
        }
        self.pem = String(decoding: bytes, as: UTF8.self)
    }

    /// More than any CA and its predecessors have.
    package static let sizeLimit = 64 << 10
}
