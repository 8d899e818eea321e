// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

/// All manifests of a site, each with the manifests and blobs to which it refers.
package struct SiteGraph: Sendable {
    package struct Node: Sendable {
        package let descriptor: Descriptor
        package let manifest: Manifest
        package let bytes: [UInt8]
        /// The config and the layers that the site has or should have.
        package let blobs: [Descriptor]
        package var kind: ManifestKind { manifest.kind }
    }

    package private(set) var nodes: [Digest: Node] = [:]
    /// Manifests that an index lists and the site lacks, because archives often contain only one
    /// platform of an index.
    package private(set) var missing: Set<Digest> = []

    package init() {}

    /// Reads a manifest and everything below it from the store, and checks each manifest against
    /// its digest.
    ///
    /// A child counts as missing if the store lacks it, or if it isn't the manifest that its
    /// descriptor describes, because an index may list anything.
    ///
    /// If the medium can't read a child, this function throws an error, unless the caller passes
    /// `unreadable`. Then it calls `unreadable`, and the child counts as missing.
    package mutating func load(
        _ root: Descriptor,
        from store: some ManifestStore,
        unreadable: ((Digest, FileError) -> Void)? = nil
    ) throws {
        try load(root, from: store, depth: 0, unreadable)
    }

    /// The maximum depth of nested indexes in a site.
    ///
    /// The limit for inputs is lower, because a joined index adds a level above the indexes of the
    /// inputs.
    private static let maximumDepth = 16

    private mutating func load(
        _ root: Descriptor,
        from store: some ManifestStore,
        depth: Int,
        _ unreadable: ((Digest, FileError) -> Void)?
    ) throws {
        guard nodes[root.digest] == nil else { return }
        let node = try Self.node(root, from: store)
        nodes[root.digest] = node
        missing.remove(root.digest)
        for child in node.manifest.manifests {
            do {
                guard depth < Self.maximumDepth else {
                    throw SiteDamage.manifest(child.digest, .tooDeep)
                }
                try load(child, from: store, depth: depth + 1, unreadable)
            } catch SiteDamage.manifest {
                missing.insert(child.digest)
            } catch let error as FileError {
                guard let unreadable else { throw error }
                unreadable(child.digest, error)
                missing.insert(child.digest)
            }
        }
    }

    private static func node(_ descriptor: Descriptor, from store: some ManifestStore) throws
        -> Node
    {
        do {
            let document = try RawDocument(try store.document(descriptor.digest))
            guard document.bytes.count == descriptor.size else {
                throw BlobError.size(
                    descriptor.digest,
                    expected: descriptor.size,
                    found: document.bytes.count
                )
            }
            let manifest = try Manifest(document, claimed: descriptor.mediaType)
            // Skip a missing foreign layer, because clients fetch it from another server, and
            // engines rarely save it.
            let blobs = try manifest.blobs.filter { blob in
                try !blob.mediaType.isForeignLayer || store.has(blob.digest)
            }
            return Node(
                descriptor: descriptor,
                manifest: manifest,
                bytes: document.bytes,
                blobs: blobs
            )
        } catch let error as BlobError {
            throw SiteDamage.manifest(descriptor.digest, .blob(error))
        } catch let error as JSONError {
            throw SiteDamage.manifest(descriptor.digest, .json(error))
        } catch let error as ManifestError {
            throw SiteDamage.manifest(descriptor.digest, .manifest(error))
        }
    }

    /// Finds a manifest and all manifests below it that the site has.
    package func manifests(below root: Digest) -> Set<Digest> {
        var found: Set<Digest> = []
        var waiting = [root]
        while let digest = waiting.popLast() {
            guard let node = nodes[digest], found.insert(digest).inserted else { continue }
            waiting += node.manifest.manifests.map(\.digest)
        }
        return found
    }

    /// The foreign layers below a manifest that the site lacks, so that clients need the internet to
    /// pull the image.
    package func foreignLayers(below root: Digest) -> [Descriptor] {
        var found: [Digest: Descriptor] = [:]
        for digest in manifests(below: root) {
            guard let node = nodes[digest] else { continue }
            let present = Set(node.blobs.map(\.digest))
            for blob in node.manifest.blobs where !present.contains(blob.digest) {
                if blob.mediaType.isForeignLayer { found[blob.digest] = blob }
            }
        }
        return found.values.sorted { $0.digest < $1.digest }
    }

    /// The descriptors that an index lists; empty for an image.
    package func children(_ root: Descriptor) -> [Descriptor] {
        nodes[root.digest]?.manifest.manifests ?? []
    }

    /// The config and layer blobs of some manifests, without duplicates.
    package func blobs(of manifests: some Sequence<Digest>) -> [Digest: Descriptor] {
        var blobs: [Digest: Descriptor] = [:]
        // Sort, because manifests may disagree on a blob's size, and the result must be
        // reproducible.
        for digest in manifests.sorted() {
            for blob in nodes[digest]?.blobs ?? [] { blobs[blob.digest] = blob }
        }
        return blobs
    }
}
