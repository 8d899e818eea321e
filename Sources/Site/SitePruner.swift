// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel
internal import Store
internal import Streams

/// Makes a site smaller by removing images from its list, and content that no image needs.
///
/// Names and lists change first, and content is removed last. A replaced image stays for an hour,
/// because clients may be pulling it from the served site.
package struct SitePruner {
    /// The files and images that a run removes, or would remove.
    package struct Unreferenced: Sendable {
        /// Replaced images, which the site kept only until `prune`.
        package let images: [SiteIndex.Entry]
        /// Replaced images that stay for now, because clients may still pull them.
        package let waiting: [SiteIndex.Entry]
        /// The time from which all waiting images may be removed, as Unix time in seconds.
        package let end: Int
        /// Files and links of the API.
        package let names: [String]
        /// Signatures of other versions of the site, and that of this version if the list of images
        /// changes.
        package let signatures: [String]
        /// Whether the signature of this version is among them.
        package let removesSignature: Bool
        /// Blobs and copies of manifests.
        package let content: [String]
        /// The size of the content in bytes.
        package let bytes: Int

        package var isEmpty: Bool {
            images.isEmpty && names.isEmpty && content.isEmpty && signatures.isEmpty
        }
    }

    private let update: SiteUpdate
    private let contents: SiteContents

    /// Reads the contents of a site.
    ///
    /// - Throws: as `SiteUpdate.contents`.
    package init(_ update: SiteUpdate) throws {
        self.init(update, try update.contents())
    }

    /// Creates a pruner for the contents that the site will have after the update.
    init(_ update: SiteUpdate, _ contents: SiteContents) {
        self.update = update
        self.contents = contents
    }

    /// Removes images from the list; their content stays available by digest until `prune`.
    ///
    /// - Returns: the removed entries, and the number of written files.
    /// - Throws: `LookupError`, `SiteDamage.manifest`; nothing is removed then.
    package func remove(
        _ references: [SiteReference]
    ) throws -> (removed: [SiteIndex.Entry], written: WrittenFiles) {
        var rest = contents
        var removed: [SiteIndex.Entry] = []
        for reference in references {
            let entry = try rest.index.removable(reference, rest.graph)
            try rest.index.remove(entry, rest.graph)
            removed.append(entry)
        }
        let plan = SitePlan(rest)
        let stale = StaleFiles(names: try unknown(to: plan.paths, below: [SitePlan.apiFolder]))
        return (removed, try update.write(rest, plan, removing: stale))
    }

    /// Finds everything that `prune` would remove; with `waiting`, keeps images that were replaced
    /// less than an hour ago.
    package func unreferenced(waiting: Bool) throws -> Unreferenced {
        let rest = try pruned(waiting)
        return try unreferenced(beside: rest, SitePlan(rest))
    }

    /// Removes all unreferenced content, and writes the site; with `waiting`, keeps images that
    /// were replaced less than an hour ago.
    ///
    /// - Returns: the removed files and images, and the number of written files.
    /// - Throws: the errors of `SiteUpdate.write`.
    package func prune(
        waiting: Bool,
        records: [FileContent] = []
    ) throws -> (removed: Unreferenced, written: WrittenFiles) {
        let rest = try pruned(waiting)
        let plan = SitePlan(rest)
        let found = try unreferenced(beside: rest, plan)
        let stale = StaleFiles(names: found.names, content: found.content)
        return (found, try update.write(rest, plan, removing: stale, records: records))
    }

    private func pruned(_ waiting: Bool) throws -> SiteContents {
        let times = try update.site.replacedTimes()
        let index = contents.index.pruned(contents.graph) { entry in
            !waiting || times.end(of: entry).map { $0 <= update.now } == true
        }
        return SiteContents(index, contents.graph)
    }

    private func unreferenced(
        beside rest: SiteContents,
        _ plan: SitePlan
    ) throws -> Unreferenced {
        try update.check(rest)
        let known = plan.paths
        let content = try unknown(to: known, below: [Digest.blobFolder, SitePlan.manifestFolder])
        let kept = Set(rest.index.entries)
        let waiting = rest.index.entries.filter(\.isReplaced)
        let times = try update.site.replacedTimes()
            .updated(rest.index, from: update.site.index, now: update.now)
        let images = contents.index.entries.filter { !kept.contains($0) }
        let site = update.site
        let signatures = try SiteFolder.signatures(in: site.store.folder)
        let current = SignaturePath.of(Digest(of: site.index.bytes))
        return Unreferenced(
            images: images,
            waiting: waiting,
            end: waiting.compactMap(times.end).max() ?? update.now,
            names: try unknown(to: known, below: [SitePlan.apiFolder]),
            signatures: signatures.filter { !images.isEmpty || $0 != current },
            removesSignature: !images.isEmpty && signatures.contains(current),
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
