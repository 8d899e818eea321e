// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// What a bundle of some images contains, and what it requires, if the receiving site has an
/// inventory's content.
///
/// The plan goes through all tags, manifests, configs and layers, so that each piece of content is
/// either required or contained.
package struct BundlePlan: Sendable {
    /// A piece of content with its use.
    package struct Item: Hashable, Sendable {
        package let digest: Digest
        /// Size in bytes.
        package let size: Int
        /// The image that needs the content, and what it is there.
        package let purpose: String
        /// Whether the content is a manifest or a config, without which no plan can be made.
        package let isDocument: Bool
    }

    /// A layer that could be sent as a patch.
    package struct Candidate: Hashable, Sendable {
        package let layer: LayeredImage.Layer
        package let bases: [LayeredImage.Layer]
    }

    /// The images of the bundle.
    package let index: SiteIndex
    package let tags: [BundleDocument.Tag]
    /// The content that the site has, sorted by digest.
    package private(set) var needed: [Item] = []
    /// The content that the site lacks: manifests and configs first, then layers by size.
    package private(set) var carried: [Item] = []
    /// The carried layers for which the receiving site has similar layers.
    package private(set) var candidates: [Candidate] = []

    /// Makes the plan for some entries of a site.
    ///
    /// `have` is what the receiving site has, and `full` names images of which all content is carried
    /// nevertheless. `images` are the images of this site, and `bases` those of the receiving site.
    package init(
        _ entries: [SiteIndex.Entry],
        of contents: SiteContents,
        have: SiteInventory,
        full: Set<String> = [],
        images: [LayeredImage] = [],
        bases: PatchBases = PatchBases([])
    ) {
        var index = SiteIndex()
        // Clients of the other site can use the same names. The address and the CA don't travel.
        try? index.kit.add(contents.index.kit.mirrors)
        for entry in entries {
            index.note(entry.manifest.digest, isMade: entry.isMade)
            if let tag = entry.tag {
                index.set(entry.repository, tag, entry.manifest)
            } else {
                index.add(entry.repository, entry.manifest)
            }
        }
        self.index = index
        tags = index.entries.map {
            BundleDocument.Tag(
                name: $0.name,
                manifest: $0.manifest.digest,
                previous: have.tags[$0.name]
            )
        }
        add(contents.graph, have: have, full: full)
        find(images, bases: bases)
    }

    /// Sorts the content of all entries into needed and carried content.
    private mutating func add(_ graph: SiteGraph, have: SiteInventory, full: Set<String>) {
        var items: [Digest: Item] = [:]
        var forced: Set<Digest> = []
        for entry in index.entries {
            let manifests = graph.manifests(below: entry.manifest.digest)
            for digest in manifests.sorted() {
                guard let node = graph.nodes[digest] else { continue }
                for item in Self.items(node, entry.name) where items[item.digest] == nil {
                    items[item.digest] = item
                }
                guard full.contains(entry.name) else { continue }
                forced.formUnion(node.blobs.map(\.digest) + [digest])
            }
        }
        for item in items.values.sorted(by: { $0.digest < $1.digest }) {
            let isThere = have.blobs[item.digest] == item.size && !forced.contains(item.digest)
            if isThere { needed.append(item) } else { carried.append(item) }
        }
        carried.sort { one, other in
            (one.isDocument ? 0 : 1, one.size, one.digest)
                < (other.isDocument ? 0 : 1, other.size, other.digest)
        }
    }

    private static func items(_ node: SiteGraph.Node, _ name: String) -> [Item] {
        var items = [
            Item(
                digest: node.descriptor.digest,
                size: node.bytes.count,
                purpose: "manifest of \(name)",
                isDocument: true
            )
        ]
        guard case .image(let config, let layers) = node.manifest.content else { return items }
        let present = Set(node.blobs.map(\.digest))
        items.append(
            Item(
                digest: config.digest,
                size: config.size,
                purpose: "config of \(name)",
                isDocument: true
            )
        )
        for (position, layer) in layers.enumerated() where present.contains(layer.digest) {
            items.append(
                Item(
                    digest: layer.digest,
                    size: layer.size,
                    purpose: "layer \(position + 1) of \(name)",
                    isDocument: false
                )
            )
        }
        return items
    }

    private mutating func find(_ images: [LayeredImage], bases: PatchBases) {
        let carried = Set(carried.map(\.digest))
        let previous = Dictionary(uniqueKeysWithValues: tags.map { ($0.name, $0.previous) })
        var seen: Set<Digest> = []
        for image in images {
            let layers = image.layers.filter { carried.contains($0.blob.digest) }
            guard !layers.isEmpty, let old = previous[image.entry.name] else { continue }
            let bases = bases.bases(of: image, previous: old)
            for layer in layers where !bases.isEmpty && seen.insert(layer.blob.digest).inserted {
                candidates.append(Candidate(layer: layer, bases: bases))
            }
        }
    }
}

extension BundlePlan {
    /// The document of the bundle, if some layers are sent as patches.
    package func document(
        _ patches: [BundleDocument.Patch],
        removed: [BundleDocument.Tag] = []
    ) -> BundleDocument {
        var document = BundleDocument(index: Digest(of: index.bytes))
        document.tags = tags
        document.removed = removed
        let patched = Set(patches.map(\.layer.digest))
        document.needs = needed.map {
            BundleNeed(digest: $0.digest, size: $0.size, purpose: $0.purpose)
        }
        document.carries = carried.filter { !patched.contains($0.digest) }
            .map { BundleDocument.Content(digest: $0.digest, size: $0.size) }
        document.patches = patches
        return document
    }
}
