// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The `bundle.json` of a bundle, from whose digest all other content of the bundle follows.
package struct BundleDocument: Hashable, Sendable {
    /// An image of the bundle, and the image that the receiving site must have under this name.
    package struct Tag: Hashable, Sendable {
        /// `name:tag` or `name@digest`.
        package let name: String
        package let manifest: Digest
        /// The manifest that the name has before; nil if the site must not have the name.
        package let previous: Digest?

        package init(name: String, manifest: Digest, previous: Digest?) {
            (self.name, self.manifest, self.previous) = (name, manifest, previous)
        }
    }

    /// A blob, or a patch, that the bundle contains.
    package struct Content: Hashable, Sendable {
        package let digest: Digest
        /// Size in bytes.
        package let size: Int

        package init(digest: Digest, size: Int) { (self.digest, self.size) = (digest, size) }
    }

    /// A layer that the receiving site makes from layers that it has.
    package struct Patch: Hashable, Sendable {
        /// The layer as the site will serve it.
        package let layer: Content
        /// The raw layer.
        package let diffID: Digest
        /// Size of the raw layer in bytes.
        package let rawSize: Int
        /// The name of the recipe that encodes the layer, such as `gzip-1-v3`.
        package let recipe: String
        /// The raw layers on which the patch is based, in the order that the patch uses.
        package let bases: [Digest]
        /// The patch itself.
        package let patch: Content

        package init(
            layer: Content,
            diffID: Digest,
            rawSize: Int,
            recipe: String,
            bases: [Digest],
            patch: Content
        ) {
            (self.layer, self.diffID, self.rawSize) = (layer, diffID, rawSize)
            (self.recipe, self.bases, self.patch) = (recipe, bases, patch)
        }
    }

    /// A file of a bundle that consists of several files.
    package struct Volume: Hashable, Sendable {
        /// The members of the volume, apart from the documents that every volume has.
        package let parts: [Part]

        package init(parts: [Part]) { self.parts = parts }
    }

    /// A blob or patch in a volume, or a piece of one.
    package struct Part: Hashable, Sendable {
        package let content: Digest
        /// The number of the piece, from 0; nil if the part is the whole content.
        package let piece: Int?
        /// Size in bytes.
        package let size: Int
        /// The digest of these bytes.
        package let digest: Digest

        package init(content: Digest, piece: Int?, size: Int, digest: Digest) {
            (self.content, self.piece, self.size, self.digest) = (content, piece, size, digest)
        }
    }

    /// The digest of the bundle's index.json, which lists the images.
    package var index: Digest
    /// All images of the bundle, sorted by name.
    package var tags: [Tag] = []
    /// Images that the receiving site removes, sorted by name.
    package var removed: [Tag] = []
    /// The content that the receiving site must have, sorted by digest.
    package var needs: [BundleNeed] = []
    /// The blobs that the bundle contains, in the order of the file.
    package var carries: [Content] = []
    package var patches: [Patch] = []
    /// The volumes of the bundle; empty if the bundle is one file.
    package var volumes: [Volume] = []

    package init(index: Digest) { self.index = index }

    package static let path = "bundle.json"
    package static let signaturePath = "bundle.json.sig"
    /// The format that this version reads and writes.
    package static let format = 1
    /// The size of the pieces into which volumes cut large content, in bytes.
    package static let pieceSize = 64 << 20

    /// The blobs and patches of the bundle in the order of the file.
    package var contents: [Content] { carries + patches.map(\.patch) }

    /// The parts of the bundle, or of one volume (from 0), in the order of the file.
    package func parts(of volume: Int?) -> [Part] {
        if let volume { return volumes[volume].parts }
        return contents.map {
            Part(content: $0.digest, piece: nil, size: $0.size, digest: $0.digest)
        }
    }
}

extension BundleDocument.Part {
    /// The name of the part in the bundle.
    package var path: String {
        guard let piece else { return content.blobPath }
        let number = String(piece)
        let zeros = String(repeating: "0", count: max(0, 3 - number.utf8.count))
        return "\(content.blobPath).part-\(zeros)\(number)"
    }
}
