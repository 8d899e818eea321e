// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// An image whose index lists manifests that don't travel with it, because the site at home lacks them,
/// or because somebody took them out of the bundle.
package struct SparseImage: Sendable {
    package let name: String
    /// The manifests as the index lists them.
    package let missing: [Descriptor]

    /// The sparse images of an index, sorted by name.
    ///
    /// `isListed` says whether a manifest is among the content of the bundle or of the site. Images
    /// whose manifests `graph` doesn't have are left out.
    package static func all(
        of index: SiteIndex,
        _ graph: SiteGraph,
        isListed: (Digest) -> Bool
    ) -> [SparseImage] {
        guard !graph.missing.isEmpty else { return [] }
        return index.entries.compactMap { entry in
            var missing: [Digest: Descriptor] = [:]
            for digest in graph.manifests(below: entry.manifest.digest) {
                for child in graph.nodes[digest]?.manifest.manifests ?? []
                where !isListed(child.digest) { missing[child.digest] = child }
            }
            guard !missing.isEmpty else { return nil }
            let sorted = missing.values.sorted { $0.digest < $1.digest }
            return SparseImage(name: entry.name, missing: sorted)
        }
    }
}
