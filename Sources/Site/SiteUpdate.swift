// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel
package import Store
internal import Streams

/// The only way to change a site; checks and renders new contents, and writes them in the order of
/// `SiteStep`.
package struct SiteUpdate: Sendable {
    package let site: SiteFolder
    package let derived: Derived
    /// Unix time in seconds.
    package let now: Int

    /// Creates an update of a site that was opened for writing; for reading is enough if the caller
    /// only asks for the effect of a change.
    package init(_ site: SiteFolder, _ derived: Derived, now: Int) {
        self.site = site
        self.derived = derived
        self.now = now
    }

    /// Reads the present contents of the site, without images whose manifests are damaged.
    ///
    /// - Throws: `SiteDamage.unlisted` if index.json lacks images that the site served, `FileError`.
    package func contents() throws -> SiteContents {
        let graph = try site.intactGraph()
        try site.checkDigests(graph)
        return SiteContents(site.index, graph)
    }

    /// Refuses contents if writing them would hide or create damage.
    ///
    /// - Throws: `NamingError`, `SiteDamage.lostManifest`, `FileError`.
    package func check(_ contents: SiteContents) throws {
        let index = contents.index
        try index.checkSize()
        if index.layout == .portable { try index.checkPortableNames() }
        try site.checkNothingIsLost(contents.graph, in: index.entries)
    }

    /// Checks new contents, renders all derived files, and writes what has changed.
    ///
    /// - Throws: the errors of `check`, which leave the site unchanged, or `FileError` if writing
    ///   fails.
    package func write(_ contents: SiteContents, records: [FileContent] = []) throws -> WrittenFiles
    {
        try write(contents, SitePlan(contents), removing: StaleFiles(), records: records)
    }

    /// Writes new contents as `write(_:records:)` does, and removes blobs that the new contents don't
    /// need.
    package func write(
        _ contents: SiteContents,
        removing blobs: [Digest],
        records: [FileContent]
    ) throws -> WrittenFiles {
        let plan = SitePlan(contents)
        let known = plan.paths
        let stale = StaleFiles(content: blobs.map(\.blobPath).filter { !known.contains($0) })
        return try write(contents, plan, removing: stale, records: records)
    }

    func write(
        _ contents: SiteContents,
        _ plan: SitePlan,
        removing stale: StaleFiles,
        records: [FileContent] = []
    ) throws -> WrittenFiles {
        try check(contents)
        var stale = stale
        stale.names += try droppedNames(contents, plan)
        var writer = SiteWriter(
            contents,
            plan: plan,
            derived: derived,
            records: records + (try times(contents.index)),
            to: site.store
        )
        return try writer.run(removing: stale)
    }

    private func times(_ index: SiteIndex) throws(FileError) -> [FileContent] {
        let old = try site.replacedTimes()
        let times = old.updated(index, from: site.index, now: now)
        return times.isEmpty && old.isEmpty ? [] : [times.file]
    }

    /// Finds paths of the API that belong to images which the new index no longer lists, or to lists of
    /// referrers that have changed.
    private func droppedNames(_ contents: SiteContents, _ plan: SitePlan) throws -> [String] {
        let index = contents.index
        let kept = Set(index.entries.map(\.withoutTag))
        let dropped = Set(
            site.index.entries
                .filter { entry in
                    // A removed tag is no longer served, although its image stays until `prune`.
                    let isGone = entry.tag.map { index.manifest(entry.repository, $0) == nil }
                    return isGone == true || !kept.contains(entry.withoutTag)
                }
                .map(\.repository)
        )
        .union(index.repositoriesWithOtherReferrers(than: site.index, contents.graph))
        guard !dropped.isEmpty else { return [] }
        let aliases = site.index.hubPlaces.flatMap { place in
            dropped.compactMap { $0.hubAlias(below: place) }
        }
        let known = plan.paths
        return try dropped.union(aliases)
            .flatMap { try site.store.folder.files(below: "\(SitePlan.apiFolder)/\($0)") }
            .filter { !known.contains($0) }
    }

    /// Renders the site again if the last run was interrupted while it published a change.
    ///
    /// - Throws: the errors of `write`.
    package func finishLastRun() throws {
        guard try !SiteChange.versions(in: site.store.folder).isEmpty else { return }
        _ = try write(try contents())
    }
}

extension BlobStore: ManifestStore {
    package func document(_ digest: Digest) throws -> [UInt8] {
        try document(digest, limit: JSONLimits.document.bytes)
    }

    package func has(_ blob: Digest) throws -> Bool { try size(of: blob) != nil }
}
