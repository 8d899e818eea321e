// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Archive
internal import OCI

/// Content that an image needs, but that its input lacks.
enum WantedContent: Hashable, Sendable {
    /// The bytes with this digest.
    case blob(Digest)
    /// A layer with this diffID, compressed or not.
    case layer(diffID: Digest)

    var blob: Digest? {
        if case .blob(let digest) = self { digest } else { nil }
    }
}

extension MemberPath {
    /// Whether the file's name contains the digest of the content.
    package var hasDigest: Bool { namedDigest != nil }

    /// The digest of a file's content according to the file's name; nil if the name has none.
    ///
    /// Engines name blobs `blobs/sha256/<hex>`, `<hex>.tar`, `<hex>.json` or `sha256:<hex>`, and
    /// registries `<hex>/data`.
    var namedDigest: Digest? {
        let components = components
        guard var name = components.last else { return nil }
        if name == "data", components.count > 1 { name = components[components.count - 2] }
        let stem = name.prefix { $0 != "." }
        return Digest(stem) ?? Digest(hex: stem)
    }
}
