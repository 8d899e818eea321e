// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Store
package import Streams

/// Every manifest of a site, and what each refers to.
package struct SiteGraph: Sendable {
    package struct Node: Sendable {
        package let descriptor: Descriptor
        package let manifest: Manifest
        package let bytes: [UInt8]
        /// Config and layers that the site has or should have.
        package let blobs: [Descriptor]
        package var kind: ManifestKind { manifest.kind }
    }

    package private(set) var nodes: [Digest: Node] = [:]
    /// Manifests that an index names and the site lacks: archives carry one platform of many.
    package private(set) var missing: Set<Digest> = []

    package init() {}

    /// Reads a manifest and everything below it from the store, each checked against its digest.
    ///
    /// What an index names and the store has not, or not as the manifest that is named, counts as
    /// missing: an index may name anything.
    ///
    /// With `unreadable`, a child that the medium doesn't give is reported to it and counts as missing,
    /// too; without, it is an error.
    package mutating func load(
        _ root: Descriptor,
        from store: BlobStore,
        unreadable: ((Digest, FileError) -> Void)? = nil
    ) throws {
        try load(root, from: store, depth: 0, unreadable)
    }

    /// More than an input may have: a joined index stands above theirs.
    private static let maximumDepth = 16

    private mutating func load(
        _ root: Descriptor,
        from store: BlobStore,
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

    private static func node(_ descriptor: Descriptor, from store: BlobStore) throws -> Node {
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
            // A foreign layer is fetched from elsewhere; engines rarely save it.
            let blobs = try manifest.blobs.filter { blob in
                try !blob.mediaType.isForeignLayer || store.size(of: blob.digest) != nil
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

    /// A manifest and all manifests below it that the site has.
    package func manifests(below root: Digest) -> Set<Digest> {
        var found: Set<Digest> = []
        var waiting = [root]
        while let digest = waiting.popLast() {
            guard let node = nodes[digest], found.insert(digest).inserted else { continue }
            waiting += node.manifest.manifests.map(\.digest)
        }
        return found
    }

    /// What an index lists; nothing for an image.
    package func children(_ root: Descriptor) -> [Descriptor] {
        nodes[root.digest]?.manifest.manifests ?? []
    }

    /// The blobs of some manifests, each once.
    package func blobs(of manifests: some Sequence<Digest>) -> [Digest: Descriptor] {
        var blobs: [Digest: Descriptor] = [:]
        // In order: manifests that differ on a blob's size must not make the site differ.
        for digest in manifests.sorted() {
            for blob in nodes[digest]?.blobs ?? [] { blobs[blob.digest] = blob }
        }
        return blobs
    }
}
