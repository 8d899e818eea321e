// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Certificates
package import SiteModel

/// The address of a site that is used as an input.
///
/// Clients that install the kit pull from this address and trust its CA. So it is a risk to use the
/// address of a site that somebody else prepared.
package struct InheritedAddress: Hashable, Sendable {
    package let address: RegistryAddress
    /// The SHA-256 fingerprints of the CA's certificates, in the form that `openssl x509
    /// -fingerprint -sha256` prints.
    package let fingerprints: [String]
    /// Whether the CA can sign certificates only for listed hosts, as a CA by `regstatic tls` does.
    package let isConstrained: Bool

    init(_ address: RegistryAddress) {
        self.address = address
        let pem = address.authority.map { Array($0.pem.utf8) }
        let authorities = pem.flatMap { try? Certificate.all(pem: $0, file: SiteIndex.path) } ?? []
        fingerprints = authorities.map(\.fingerprint)
        isConstrained = authorities.allSatisfy(\.isConstrained)
    }
}
