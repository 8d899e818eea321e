// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Store

/// Every manifest of a site, and what each refers to.
package struct SiteGraph: Sendable {
    package struct Node: Sendable {
        package let descriptor: Descriptor
        package let manifest: Manifest
        package let bytes: [UInt8]
        package var kind: ManifestKind { manifest.kind }
    }

    package private(set) var nodes: [Digest: Node] = [:]
    /// Manifests that an index names and the site lacks: archives carry one platform of many.
    package private(set) var missing: Set<Digest> = []

    package init() {}

    /// Reads a manifest and everything below it from the store, each checked against its digest.
    package mutating func load(_ root: Descriptor, from store: BlobStore) throws {
        guard nodes[root.digest] == nil else { return }
        let node: Node
        do {
            let document = try RawDocument(try store.document(root.digest))
            node = Node(
                descriptor: root,
                manifest: try Manifest(document, claimed: root.mediaType),
                bytes: document.bytes
            )
        } catch let error as FileError {
            throw error
        } catch {
            throw SiteError.damagedManifest(root.digest, "\(error)")
        }
        nodes[root.digest] = node
        for child in node.manifest.manifests {
            let isThere = try nodes[child.digest] != nil || store.size(of: child.digest) != nil
            guard isThere else {
                missing.insert(child.digest)
                continue
            }
            try load(child, from: store)
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

    /// The blobs of some manifests, each once.
    package func blobs(of manifests: some Sequence<Digest>) -> [Digest: Descriptor] {
        var blobs: [Digest: Descriptor] = [:]
        for digest in manifests {
            for blob in nodes[digest]?.manifest.blobs ?? [] { blobs[blob.digest] = blob }
        }
        return blobs
    }
}
