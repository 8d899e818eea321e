// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// An image that clients can't pull without internet access, because the site lacks layers that
/// only their maker distributes.
package struct ForeignLayers: Hashable, Sendable {
    /// The name of the image.
    package let name: String
    /// The layers that the site lacks.
    package let layers: [Descriptor]
}

extension SiteGraph {
    /// The entries that clients can't pull without internet access.
    package func foreignLayers(of entries: some Sequence<SiteIndex.Entry>) -> [ForeignLayers] {
        entries.map { entry in
            ForeignLayers(name: entry.name, layers: foreignLayers(below: entry.manifest.digest))
        }
        .filter { !$0.layers.isEmpty }
    }

    /// Whether clients can pull everything below a manifest without internet access, and some of it
    /// is an image.
    ///
    /// Charts, signatures and other artifacts have no platform, and container engines can't pull
    /// them.
    package func hasPullableImage(_ root: Descriptor) -> Bool {
        // A manifest that this run made has its platform only in `root`.
        let below = manifests(below: root.digest).compactMap { nodes[$0]?.descriptor }
        let platforms = ([root] + below).compactMap(\.platform)
        return platforms.contains { !$0.isUnknown } && foreignLayers(below: root.digest).isEmpty
    }
}
