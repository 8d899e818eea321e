// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The size of a site.
package struct SiteSize: Hashable, Sendable {
    package let repositories: Int
    package let tags: Int
    /// Total size in bytes of all served manifests and blobs, each counted once.
    package let bytes: Int

    package init(_ contents: SiteContents) {
        let (index, graph) = (contents.index, contents.graph)
        let entries = index.entries
        repositories = index.repositories.count
        tags = entries.count { $0.tag != nil }
        bytes = graph.bytes(of: entries.map(\.manifest.digest))
    }
}

extension SiteGraph {
    /// The size in bytes of some manifests and everything below them, each counted once.
    package func bytes(of roots: [Digest]) -> Int {
        var manifests: Set<Digest> = []
        for root in roots where !manifests.contains(root) {
            manifests.formUnion(self.manifests(below: root))
        }
        let documents = manifests.map { nodes[$0]?.descriptor.size ?? 0 }
        let sizes = documents + blobs(of: manifests).values.map(\.size)
        return sizes.reduce(0) { sum, size in
            let (total, overflow) = sum.addingReportingOverflow(size)
            return overflow ? .max : total
        }
    }
}
