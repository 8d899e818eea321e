// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The address at which clients reach a registry, and the CA that they trust for it.
package struct RegistryAddress: Hashable, Sendable {
    package enum Transport: Hashable, Sendable {
        case http
        /// HTTPS with a CA that must be installed on clients; nil if clients already trust the CA.
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

    /// The URL without a path, such as `https://registry.plant.lan:5000`.
    package var url: String { "\(isPlain ? "http" : "https")://\(host)" }
}

/// The certificates of a CA in PEM, the form that clients read.
package struct TrustedCA: Hashable, Sendable {
    package let pem: String

    /// Creates a CA from PEM text, which the caller must have parsed or must check later.
    package init(parsed pem: String) { self.pem = pem }

    /// The maximum size in bytes, which is larger than the certificates of any CA and its
    /// predecessors together.
    package static let sizeLimit = 64 << 10
}
