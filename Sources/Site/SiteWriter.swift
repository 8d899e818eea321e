// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import Store

/// Draws a plan into a folder, in an order in which a reader never meets a dangling name.
///
/// Blobs are in the store already. Manifests follow, then links by digest, then tags, then lists,
/// then `index.json`, which makes it the site's own knowledge.
package struct SiteWriter {
    private let folder: Folder

    package init(_ store: BlobStore) {
        folder = store.folder
    }

    /// How many files and links were not as they should be, and are now.
    package func write(
        _ plan: SitePlan,
        index: SiteIndex,
        servers: [FileContent]
    ) throws -> Int {
        try makeFolders(plan, servers)
        var count = try folder.write(plan.manifests.map(FileContent.init) + servers)
        count += try folder.link(plan.contentLinks)
        if count > 0 { try folder.flush() }
        count += try folder.link(plan.tagLinks)
        count += try folder.write(plan.tagFiles)
        count += try folder.remove(present: plan.staleTags)
        count += try folder.write(plan.lists + [Self.layout])
        count += try folder.write([FileContent(SiteIndex.path, index.document.bytes)])
        count += try folder.write([plan.contentTypes])
        if count > 0 { try folder.flush() }
        return count
    }

    /// What makes the folder an OCI layout.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file>
    package static let layout = FileContent(
        "oci-layout",
        JSON.object(["imageLayoutVersion": .string("1.0.0")]).canonicalBytes
    )

    private func makeFolders(_ plan: SitePlan, _ servers: [FileContent]) throws(FileError) {
        for path in ["manifests/sha256", "v2"] { try folder.makeFolders(path) }
        try folder.makeFolders(
            holding: plan.contentLinks.map(\.path) + plan.tagLinks.map(\.path)
                + (plan.tagFiles + plan.lists + servers).map(\.path)
        )
    }
}

extension FileContent {
    fileprivate init(_ manifest: SitePlan.ManifestFile) {
        self.init(SitePlan.path(manifest.digest, manifest.kind), manifest.bytes)
    }
}
