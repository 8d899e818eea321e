// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The use of a signature, which OpenSSH calls its namespace.
///
/// A signature for one use is worth nothing for another one.
package enum SignatureNamespace: String, CaseIterable, Sendable {
    /// The file `bundle.json` of a bundle.
    case bundle = "regstatic-bundle"
    /// The file `index.json` of a site.
    case site = "regstatic-site"
}

/// The hashes of a message, of which a signature covers one.
package struct SignedMessage: Hashable, Sendable {
    let sha256: [UInt8]
    let sha512: [UInt8]

    package init(_ bytes: [UInt8]) {
        sha256 = HashFunction.sha256.hash(bytes)
        sha512 = HashFunction.sha512.hash(bytes)
    }
}
