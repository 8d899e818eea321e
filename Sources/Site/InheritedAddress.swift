// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Certificates
package import SiteModel

/// The address of a site that is used as an input.
///
/// Clients that install the kit pull from this address and trust its CA, so it is a risk to take it
/// from a site that somebody else prepared.
package struct InheritedAddress: Hashable, Sendable {
    package let address: RegistryAddress
    /// The SHA-256 fingerprints of its CA, as `openssl x509 -fingerprint -sha256` shows them.
    package let fingerprints: [String]
    /// Whether the CA can sign certificates for only a few hosts, such as a CA by `regstatic tls`.
    package let isConstrained: Bool

    init(_ address: RegistryAddress) {
        self.address = address
        let pem = address.authority.map { Array($0.pem.utf8) }
        let authorities = pem.flatMap { try? Certificate.all(pem: $0, file: SiteIndex.path) } ?? []
        fingerprints = authorities.map(\.fingerprint)
        isConstrained = authorities.allSatisfy(\.isConstrained)
    }
}
