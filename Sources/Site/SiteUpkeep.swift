// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Store

/// Makes a site smaller: renders it for a shorter index, and deletes unreferenced content.
///
/// This is safe while the site is served, because tags and lists change first and content is
/// deleted last.
package struct SiteUpkeep {
    /// Entries and files that `prune` deletes.
    package struct Waste: Sendable {
        /// Replaced entries and their referrers.
        package let images: [SiteIndex.Entry]
        /// Files and links of the API.
        package let api: [String]
        /// Blobs, and files of manifests.
        package let content: [String]
        /// Size of `content` in bytes.
        package let bytes: Int

        package var isEmpty: Bool { images.isEmpty && api.isEmpty && content.isEmpty }
    }

    private let site: SiteFolder
    private let graph: SiteGraph
    private let servers: (SitePlan) -> [FileContent]
    private let pages: (any PageDrawing)?

    package init(
        _ site: SiteFolder,
        servers: @escaping (SitePlan) -> [FileContent],
        pages: (any PageDrawing)? = nil
    ) throws {
        self.site = site
        graph = try site.intactGraph()
        (self.servers, self.pages) = (servers, pages)
    }

    /// Removes images from the index; their content stays available by digest until `prune`.
    ///
    /// - Returns: the entries that were removed.
    /// - Throws: `LookupError`, `SiteDamage.manifest`; nothing is removed then.
    package func remove(_ references: [SiteReference]) throws -> [SiteIndex.Entry] {
        try site.checkDigests(graph)
        var index = site.index
        var removed: [SiteIndex.Entry] = []
        for reference in references {
            let entry = try index.removable(reference, graph)
            try index.remove(entry, graph)
            removed.append(entry)
        }
        try check(index)
        let drawing = Drawing(index, graph)
        try draw(drawing, stale: try unknown(to: drawing, below: SitePlan.apiFolder))
        return removed
    }

    /// Finds the unreferenced content that `prune` would delete.
    package func waste() throws -> Waste { try waste(beside: pruned) }

    /// Deletes unreferenced content.
    package func prune() throws -> Waste {
        let drawing = pruned
        let waste = try waste(beside: drawing)
        try draw(drawing, stale: waste.api)
        guard !waste.content.isEmpty else { return waste }
        _ = try site.store.folder.remove(present: waste.content)
        try site.store.forgetRecords()
        try site.store.folder.flush()
        return waste
    }

    /// An index, its plan, and the paths of the plan.
    private struct Drawing {
        let index: SiteIndex
        let plan: SitePlan
        let paths: Set<String>

        init(_ index: SiteIndex, _ graph: SiteGraph) {
            self.index = index
            plan = SitePlan(index, graph)
            paths = plan.paths
        }
    }

    private var pruned: Drawing { Drawing(site.index.pruned(graph), graph) }

    /// Refuses an index that has lost a manifest, because the content that belongs to it is
    /// unknown.
    private func check(_ index: SiteIndex) throws {
        for entry in index.entries
        where !entry.isReplaced && graph.nodes[entry.manifest.digest] == nil {
            throw SiteDamage.manifest(entry.manifest.digest, .unreadable(entry: entry.name))
        }
        try site.checkNothingIsLost(graph, in: index.entries)
    }

    private func waste(beside drawing: Drawing) throws -> Waste {
        try site.checkDigests(graph)
        try check(drawing.index)
        let content = try [Digest.blobFolder, SitePlan.manifestFolder]
            .flatMap { try unknown(to: drawing, below: $0) }
        let kept = Set(drawing.index.entries)
        return Waste(
            images: site.index.entries.filter { !kept.contains($0) },
            api: try unknown(to: drawing, below: SitePlan.apiFolder),
            content: content,
            bytes: try content.reduce(0) { $0 + (try size($1)) }
        )
    }

    private func draw(_ drawing: Drawing, stale: [String]) throws {
        let servers = servers(drawing.plan)
        _ = try SiteWriter(site.store)
            .write(
                drawing.plan,
                index: drawing.index,
                servers: servers,
                pages: PageChange(pages, drawing.index, graph, drawing.plan, site.store),
                stale: stale
            )
    }

    private func unknown(to drawing: Drawing, below root: String) throws -> [String] {
        try site.store.folder.files(below: root).filter { !drawing.paths.contains($0) }
    }

    private func size(_ path: String) throws -> Int {
        guard case .file(let size) = try site.store.folder.status(path) else { return 0 }
        return size
    }
}
