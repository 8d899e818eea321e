// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// An image for one platform, with its layers in both forms.
package struct LayeredImage: Sendable {
    package struct Layer: Hashable, Sendable {
        package let diffID: Digest
        /// The layer as a blob of the site.
        package let blob: Descriptor

        package init(diffID: Digest, blob: Descriptor) { (self.diffID, self.blob) = (diffID, blob) }
    }

    /// The name of the entry to which the image belongs.
    package let entry: SiteIndex.Entry
    package let platform: Platform?
    package let layers: [Layer]

    /// Finds all images of a site with their layers.
    ///
    /// `diffIDs` lists the diffIDs of an image's layers; nil if they are unknown.
    package static func all(
        _ contents: SiteContents,
        diffIDs: (SiteGraph.Node) -> [Digest]?
    ) -> [LayeredImage] {
        var known: [Digest: [Layer]] = [:]
        return contents.index.entries.flatMap { entry in
            contents.graph.images(below: entry.manifest)
                .compactMap { descriptor in
                    let digest = descriptor.digest
                    if known[digest] == nil {
                        known[digest] = contents.graph.nodes[digest]
                            .flatMap { node in diffIDs(node).map { layers(node, $0) } }
                    }
                    guard let layers = known[digest], !layers.isEmpty else { return nil }
                    return LayeredImage(entry: entry, platform: descriptor.platform, layers: layers)
                }
        }
    }

    /// The image with some of its layers; nil if none of them is kept.
    package func keeping(_ isKept: (Layer) -> Bool) -> LayeredImage? {
        let layers = layers.filter(isKept)
        return layers.isEmpty
            ? nil : LayeredImage(entry: entry, platform: platform, layers: layers)
    }

    private static func layers(_ node: SiteGraph.Node, _ diffIDs: [Digest]) -> [Layer] {
        guard case .image(_, let blobs) = node.manifest.content, blobs.count == diffIDs.count else {
            return []
        }
        return zip(diffIDs, blobs).map { Layer(diffID: $0, blob: $1) }
    }
}

extension SiteGraph {
    /// The images at or below a manifest, in the order of the indexes.
    fileprivate func images(below root: Descriptor) -> [Descriptor] {
        var seen: Set<Digest> = []
        var found: [Descriptor] = []
        var waiting = [root]
        while let next = waiting.popLast() {
            guard seen.insert(next.digest).inserted, let node = nodes[next.digest] else { continue }
            if node.kind.isIndex {
                waiting += node.manifest.manifests.reversed()
            } else {
                found.append(next)
            }
        }
        return found
    }
}

/// The choice of layers on which the patch of a new layer is based.
package struct PatchBases: Sendable {
    /// The images of the receiving site, by repository.
    private let images: [RepositoryName: [LayeredImage]]

    /// `images` are images of the receiving site whose content is available where the bundle is made.
    package init(_ images: [LayeredImage]) {
        self.images = Dictionary(grouping: images, by: \.entry.repository)
    }

    /// The layers that are most like the new layers of an image: the layers of its predecessor that
    /// the image no longer has; empty if it has no predecessor.
    ///
    /// `previous` is the manifest that the image's name has on the receiving site.
    package func bases(
        of image: LayeredImage,
        previous: Digest?
    ) -> [LayeredImage.Layer] {
        let own = Set(image.layers.map(\.diffID))
        let candidates = (images[image.entry.repository] ?? [])
            .filter { $0.platform == image.platform }
            .map { (image: $0, old: $0.layers.filter { !own.contains($0.diffID) }) }
            .filter { !$0.old.isEmpty }
        let best = candidates.max { one, other in
            let (first, second) = (one.image, other.image)
            let isFirst = first.entry.manifest.digest == previous
            let isSecond = second.entry.manifest.digest == previous
            if isFirst != isSecond { return isSecond }
            let shared = (first.layers.count - one.old.count, second.layers.count - other.old.count)
            if shared.0 != shared.1 { return shared.0 < shared.1 }
            return first.entry.name < second.entry.name
        }
        // The later layers of an image change most often, so keep these if there are too many.
        return Array((best?.old ?? []).suffix(BundleDocument.Patch.maximumBases))
    }
}
