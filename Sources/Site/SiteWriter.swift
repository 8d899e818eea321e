// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ClientKit
package import OCI
package import Store
internal import Streams

/// Draws a plan into a folder, in an order in which a reader never meets a dangling name.
///
/// Blobs are in the store already. Manifests follow, then links by digest, then tags, then lists,
/// then `index.json`, which makes it the site's own knowledge, and pages for browsers at last.
package struct SiteWriter {
    private let folder: Folder

    package init(_ store: BlobStore) {
        folder = store.folder
    }

    /// How many files and links were not as they should be, and are now.
    ///
    /// What is `stale` below `v2/` goes before the list forgets it: if the run ends in between, the
    /// next one draws it again.
    package func write(
        _ plan: SitePlan,
        index: SiteIndex,
        servers: [FileContent],
        pages: PageChange = .leave,
        stale: [String] = []
    ) throws -> Int {
        let drawn = servers + (plan.kit?.files ?? [])
        try makeFolders(plan, drawn, pages)
        var count = try folder.write(plan.manifests.map(FileContent.init) + drawn)
        count += try folder.link(plan.contentLinks)
        if count > 0 { try folder.flush() }
        count += try folder.link(plan.tagLinks)
        count += try folder.write(plan.tagFiles)
        count += try folder.remove(present: plan.staleTags)
        count += try folder.write(plan.lists + [Self.layout])
        count += try folder.remove(present: stale, emptying: SitePlan.apiFolder)
        count += try shortenContentTypes(plan)
        count += try folder.write([FileContent(SiteIndex.path, index.document.bytes)])
        count += try folder.write([plan.contentTypes])
        count += try removeOldKit(plan)
        count += try PageWriter.write(pages, in: folder)
        if count > 0 { try folder.flush() }
        return count
    }

    /// Takes out of content-types.json what the plan lacks.
    ///
    /// At no moment may it name images that `index.json` lacks: that is how a damaged `index.json` is
    /// found. So it shrinks before `index.json` does, and grows after it.
    private func shortenContentTypes(_ plan: SitePlan) throws(FileError) -> Int {
        let path = SitePlan.contentTypesPath
        guard let bytes = try folder.contents(path, limit: JSONLimits.list.bytes),
            let json = try? JSON(parsing: bytes, limits: .list)
        else { return 0 }
        let old = ContentTypes(json)
        let kept = old.keeping(Set(plan.resources.map(\.path)))
        guard kept.members?.count != old.count else { return 0 }
        let count = try folder.write([FileContent(path, kept.canonicalBytes)])
        try folder.flush()
        return count
    }

    /// What makes the folder an OCI layout.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file>
    package static let layout = FileContent(
        "oci-layout",
        JSON.object(["imageLayoutVersion": .string("1.0.0")]).canonicalBytes
    )

    /// The kit's folder has nothing else in it: what an address or a name of old left would mislead.
    private func removeOldKit(_ plan: SitePlan) throws(FileError) -> Int {
        let kit = Set(plan.kit?.files.map(\.path) ?? [])
        let there = try folder.files(below: ClientKit.folder)
        let old = there.filter { !kit.contains($0) }
        return try folder.remove(present: old, emptying: ClientKit.folder)
    }

    /// Makes all folders at once: a link in the place of one is found before anything is written.
    private func makeFolders(
        _ plan: SitePlan,
        _ drawn: [FileContent],
        _ pages: PageChange
    ) throws(FileError) {
        for path in ["manifests/sha256", "v2"] { try folder.makeFolders(path) }
        try folder.makeFolders(
            holding: plan.contentLinks.map(\.path) + plan.tagLinks.map(\.path)
                + (plan.tagFiles + plan.lists + drawn).map(\.path) + pages.folders.map { "\($0)/" }
        )
    }
}

extension FileContent {
    fileprivate init(_ manifest: SitePlan.ManifestFile) {
        self.init(SitePlan.path(manifest.digest, manifest.kind), manifest.bytes)
    }
}
