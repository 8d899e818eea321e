// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import SiteModel
internal import Store

extension SiteFolder {
    /// Finds the layers of the site's images by their diffIDs, for inputs that lack them.
    ///
    /// Images that can't be read are skipped. An input that needs their layers stays incomplete, so
    /// regstatic refuses the input's images.
    package func layersByDiffID() -> [Digest: Digest] {
        guard let graph = try? intactGraph() else { return [:] }
        var layers: [Digest: Digest] = [:]
        for node in graph.nodes.values {
            guard case .image(let config, let descriptors) = node.manifest.content,
                config.mediaType.isImageConfig,
                let bytes = try? store.document(config.digest),
                let json = try? RawDocument(bytes).json,
                let diffIDs = ImageConfig(json)?.diffIDs, diffIDs.count == descriptors.count
            else { continue }
            for (diffID, layer) in zip(diffIDs, descriptors) {
                // If the store has one layer in several encodings, take the smallest digest, so
                // that the choice isn't random.
                layers[diffID] = min(layer.digest, layers[diffID] ?? layer.digest)
            }
        }
        return layers
    }
}
