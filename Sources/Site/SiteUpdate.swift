// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel
package import Store
internal import Streams

/// The only way to change a site, which checks and renders new contents and writes them in the
/// order of `SiteStep`.
package struct SiteUpdate: Sendable {
    package let site: SiteFolder
    package let derived: Derived

    /// Takes a site that was opened for writing, or for reading if the caller only asks what a
    /// change would do.
    package init(_ site: SiteFolder, _ derived: Derived) {
        self.site = site
        self.derived = derived
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
    /// - Throws: `NamingError`, `SiteDamage.manifest`, `FileError`.
    package func check(_ contents: SiteContents) throws {
        let index = contents.index
        try index.checkSize()
        if index.layout == .portable { try index.checkPortableNames() }
        for entry in index.entries
        where !entry.isReplaced && contents.graph.nodes[entry.manifest.digest] == nil {
            throw SiteDamage.manifest(entry.manifest.digest, .unreadable(entry: entry.name))
        }
        try site.checkNothingIsLost(contents.graph, in: index.entries)
    }

    /// Checks new contents, renders all derived files, and writes what has changed.
    ///
    /// - Returns: the number of files and links that changed.
    /// - Throws: the errors of `check`, which leave the site unchanged, or `FileError` if writing
    ///   fails.
    package func write(_ contents: SiteContents) throws -> Int {
        try write(contents, SitePlan(contents), removing: StaleFiles())
    }

    func write(
        _ contents: SiteContents,
        _ plan: SitePlan,
        removing stale: StaleFiles
    ) throws -> Int {
        try check(contents)
        return try SiteWriter(
            contents,
            plan: plan,
            derived: derived,
            to: site.store,
            removing: stale
        )
        .run()
    }
}

extension BlobStore: ManifestStore {
    package func document(_ digest: Digest) throws -> [UInt8] {
        try document(digest, limit: JSONLimits.document.bytes)
    }

    package func has(_ blob: Digest) throws -> Bool { try size(of: blob) != nil }
}
