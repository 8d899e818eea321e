// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Where clients reach a registry, and whom they trust there.
package struct RegistryAddress: Hashable, Sendable {
    package enum Transport: Hashable, Sendable {
        case http
        /// The CA that clients must be told to trust; nil if they already trust it.
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

/// The certificates of a CA in PEM, as clients read them.
package struct TrustedCA: Hashable, Sendable {
    package let pem: String

    /// Takes certificates that were parsed.
    package init(parsed pem: String) { self.pem = pem }

    /// Larger than the certificates of any CA and its predecessors, in bytes.
    package static let sizeLimit = 64 << 10
}
