// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The order in which files of a site are removed; a file that leads to other files is removed
/// before them.
///
/// The order is lists, tags, referrers, manifests with parents before children, and blobs.
package struct RemovalOrder {
    private let heights: [Digest: Int]

    package init(_ graph: SiteGraph) {
        heights = graph.heights
    }

    /// Sorts paths of the API, or of blobs and copies of manifests.
    package func sorted(_ paths: [String]) -> [String] {
        paths.map { (key: key($0), path: $0) }
            .sorted { ($0.key.0, $0.key.1, $0.path) < ($1.key.0, $1.key.1, $1.path) }
            .map(\.path)
    }

    private func key(_ path: String) -> (Int, Int) {
        let parts = path.split(separator: "/")
        guard parts.count > 2, let name = parts.last else { return (0, 0) }
        let isStored = parts[0] != SitePath.api[...]
        let digest = isStored ? Digest(hex: name.prefix(64)) : Digest(name)
        let height = digest.flatMap { heights[$0] }
        switch (isStored, parts[parts.count - 2]) {
        // A manifest is stored twice, and its copy with the kind is removed before the blob.
        case (true, _) where parts[0] == "blobs": return (4, -(height ?? -1))
        // A digest that isn't in the graph may belong to a list of referrers, which regstatic made
        // and which leads to manifests in the graph.
        case (true, _): return (3, -(height ?? .max))
        case (_, "blobs"): return (4, 0)
        case (_, "referrers"): return (2, 0)
        case (_, "manifests") where digest != nil: return (3, -(height ?? .max))
        case (_, "manifests"): return (1, 0)
        default: return (0, 0)
        }
    }
}

extension SiteGraph {
    /// The number of levels below each manifest, which is 0 for an image.
    package var heights: [Digest: Int] {
        var heights: [Digest: Int] = [:]
        for digest in nodes.keys { _ = height(digest, &heights) }
        return heights
    }

    /// Computes the height of a manifest; the recursion is limited, because the depth of the graph
    /// is limited.
    private func height(_ digest: Digest, _ known: inout [Digest: Int]) -> Int {
        if let height = known[digest] { return height }
        guard let node = nodes[digest] else { return -1 }
        // The recursion can't go in a circle, because a manifest can't contain its own digest.
        let height = node.manifest.manifests.map { self.height($0.digest, &known) + 1 }.max() ?? 0
        known[digest] = height
        return height
    }
}
