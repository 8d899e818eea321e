// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel
internal import Store

/// Makes a site smaller by removing images from its list and by removing content that no image
/// needs.
///
/// This is safe while clients pull from the site, because content is removed only after names and
/// lists.
package struct SitePruner {
    /// Files that no image of the site needs, and images that are kept only until `prune`.
    package struct Unreferenced: Sendable {
        package let images: [SiteIndex.Entry]
        /// Files and links of the API.
        package let names: [String]
        /// Blobs and copies of manifests.
        package let content: [String]
        /// The size of the content in bytes.
        package let bytes: Int

        package var isEmpty: Bool { images.isEmpty && names.isEmpty && content.isEmpty }
    }

    private let update: SiteUpdate
    private let contents: SiteContents

    /// Reads the contents of a site.
    ///
    /// - Throws: the same errors as `SiteUpdate.contents`.
    package init(_ update: SiteUpdate) throws {
        self.init(update, try update.contents())
    }

    /// Takes the contents that a run has just written.
    init(_ update: SiteUpdate, _ contents: SiteContents) {
        self.update = update
        self.contents = contents
    }

    /// Removes images from the list; their content stays available by digest until `prune`.
    ///
    /// - Returns: the removed entries.
    /// - Throws: `LookupError`, `SiteDamage.manifest`; in both cases nothing is removed.
    package func remove(_ references: [SiteReference]) throws -> [SiteIndex.Entry] {
        var rest = contents
        var removed: [SiteIndex.Entry] = []
        for reference in references {
            let entry = try rest.index.removable(reference, rest.graph)
            try rest.index.remove(entry, rest.graph)
            removed.append(entry)
        }
        let plan = SitePlan(rest)
        let stale = StaleFiles(names: try unknown(to: plan.paths, below: [SitePlan.apiFolder]))
        _ = try update.write(rest, plan, removing: stale)
        return removed
    }

    /// Finds everything that `prune` would remove.
    package func unreferenced() throws -> Unreferenced {
        let rest = pruned
        return try unreferenced(beside: rest, SitePlan(rest))
    }

    /// Removes all unreferenced content.
    ///
    /// - Returns: the removed files and images.
    package func prune() throws -> Unreferenced {
        let rest = pruned
        let plan = SitePlan(rest)
        let found = try unreferenced(beside: rest, plan)
        let stale = StaleFiles(names: found.names, content: found.content)
        _ = try update.write(rest, plan, removing: stale)
        return found
    }

    private var pruned: SiteContents {
        SiteContents(contents.index.pruned(contents.graph), contents.graph)
    }

    private func unreferenced(
        beside rest: SiteContents,
        _ plan: SitePlan
    ) throws -> Unreferenced {
        try update.check(rest)
        let known = plan.paths
        let content = try unknown(to: known, below: [Digest.blobFolder, SitePlan.manifestFolder])
        let kept = Set(rest.index.entries)
        return Unreferenced(
            images: contents.index.entries.filter { !kept.contains($0) },
            names: try unknown(to: known, below: [SitePlan.apiFolder]),
            content: content,
            bytes: try content.reduce(0) { $0 + (try size($1)) }
        )
    }

    private func unknown(to known: Set<String>, below roots: [String]) throws -> [String] {
        try roots.flatMap { try update.site.store.folder.files(below: $0) }
            .filter { !known.contains($0) }
    }

    private func size(_ path: String) throws -> Int {
        guard case .file(let size) = try update.site.store.folder.status(path) else { return 0 }
        return size
    }
}
