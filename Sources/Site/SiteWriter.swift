// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ClientKit
package import OCI
package import Store
internal import Streams

/// Writes a plan into a folder, in an order in which clients never encounter a dangling name.
///
/// The blobs are already in the store. The manifests follow, then links by digest, tags, lists,
/// then `index.json`, which makes the change permanent, and last the web pages.
package struct SiteWriter {
    private let folder: Folder

    package init(_ store: BlobStore) {
        folder = store.folder
    }

    /// Writes the plan, and returns how many files and links changed.
    ///
    /// The `stale` files below `v2/` are deleted while `index.json` still lists them. If the run
    /// ends in between, the next one renders them again.
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

    /// Removes resources from content-types.json that the plan lacks.
    ///
    /// The file must never list images that `index.json` lacks, because that is the sign of a
    /// damaged `index.json`. So it shrinks before `index.json` does, and grows after it.
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

    /// The file that marks the folder as an OCI layout.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file>
    package static let layout = FileContent(
        "oci-layout",
        JSON.object(["imageLayoutVersion": .string("1.0.0")]).canonicalBytes
    )

    /// Deletes files of the kit for an old address or name, which would mislead users; the folder
    /// contains only the kit.
    private func removeOldKit(_ plan: SitePlan) throws(FileError) -> Int {
        let kit = Set(plan.kit?.files.map(\.path) ?? [])
        let there = try folder.files(below: ClientKit.folder)
        let old = there.filter { !kit.contains($0) }
        return try folder.remove(present: old, emptying: ClientKit.folder)
    }

    /// Makes all folders first, so that a link in place of a folder is found before anything is
    /// written.
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
