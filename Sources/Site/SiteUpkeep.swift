// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import Store

/// Makes a site smaller: draws it for a shorter list, and takes away what nothing reaches.
///
/// Safe while the site is served: tags and lists change first, content goes last.
package struct SiteUpkeep {
    /// What nothing reaches, and how much it is.
    package struct Waste: Sendable {
        /// Images that were there only until now.
        package let images: [SiteIndex.Entry]
        /// Files and links of the API.
        package let api: [String]
        /// Blobs, and files of manifests.
        package let content: [String]
        /// Bytes of those.
        package let bytes: Int

        package var isEmpty: Bool { images.isEmpty && api.isEmpty && content.isEmpty }
    }

    private let site: SiteFolder
    private let graph: SiteGraph
    private let servers: (SitePlan) -> [FileContent]

    package init(_ site: SiteFolder, servers: @escaping (SitePlan) -> [FileContent]) throws {
        self.site = site
        graph = try site.graph()
        self.servers = servers
    }

    /// Removes images from the list; their content stays by digest until `prune`.
    ///
    /// - Returns: the entries that were removed.
    /// - Throws: `SiteError.noSuchImage`, `.needed`: then nothing is removed.
    package func remove(_ references: [SiteReference]) throws -> [SiteIndex.Entry] {
        var index = site.index
        var removed: [SiteIndex.Entry] = []
        for reference in references {
            let entry = try index.removable(reference, graph)
            try index.remove(entry, graph)
            removed.append(entry)
        }
        let plan = SitePlan(index, graph)
        try draw(plan, index, stale: try unknown(to: plan, below: SitePlan.apiFolder))
        return removed
    }

    /// What `prune` takes away.
    package func waste() throws -> Waste {
        let index = site.index.pruned(graph)
        let plan = SitePlan(index, graph)
        let content = try [BlobStore.blobs, SitePlan.manifestFolder]
            .flatMap { try unknown(to: plan, below: $0) }
        let kept = Set(index.entries)
        return Waste(
            images: site.index.entries.filter { !kept.contains($0) },
            api: try unknown(to: plan, below: SitePlan.apiFolder),
            content: content,
            bytes: try content.reduce(0) { $0 + (try size($1)) }
        )
    }

    /// Takes it away.
    package func prune() throws -> Waste {
        let waste = try waste()
        let index = site.index.pruned(graph)
        try draw(SitePlan(index, graph), index, stale: waste.api)
        _ = try site.store.folder.remove(present: waste.content)
        try site.store.forgetRecords()
        try site.store.folder.flush()
        return waste
    }

    private func draw(_ plan: SitePlan, _ index: SiteIndex, stale: [String]) throws {
        _ = try SiteWriter(site.store)
            .write(plan, index: index, servers: servers(plan), stale: stale)
    }

    private func unknown(to plan: SitePlan, below root: String) throws -> [String] {
        let known = plan.paths
        return try site.store.folder.files(below: root).filter { !known.contains($0) }
    }

    private func size(_ path: String) throws -> Int {
        guard case .file(let size) = try site.store.folder.status(path) else { return 0 }
        return size
    }
}
