// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ClientKit
internal import OCI
internal import Store

// Damage that makes it wrong to go on: what follows from a damaged site would hide what it has lost.
extension SiteFolder {
    /// Every folder at a fixed place in a site.
    private static let folders = [
        "blobs", Digest.blobFolder, "manifests", SitePlan.manifestFolder, SitePlan.apiFolder,
        "servers", ClientKit.folder, PagePlan.folder, BlobStore.state,
    ]

    /// Links in the place of such folders.
    ///
    /// What is behind a link isn't the site's: it must not be read, written or deleted.
    static func links(in folder: Folder) throws(FileError) -> [String] {
        let state = BlobStore.state
        let isThere = try folder.status(state) == .folder
        let own = isThere ? try folder.names(in: state).map { "\(state)/\($0)" } : []
        var links: [String] = []
        for path in folders + own where !links.contains(where: { path.hasPrefix("\($0)/") }) {
            if try folder.status(path) == .link { links.append(path) }
        }
        return links
    }

    static func refuseLinks(in folder: Folder) throws {
        guard let link = try links(in: folder).first else { return }
        throw SiteError.linkInSite(folder.absolute(link))
    }

    /// Whether the site has its list of images.
    ///
    /// A folder that has other files of a site, but not this one, has lost it: taken for an empty
    /// site, it would forget all its images, and `prune` would delete them.
    static func hasIndex(_ folder: Folder, isRequired: Bool) throws -> Bool {
        guard try folder.status(SiteIndex.path) == nil else { return true }
        for path in [SitePlan.contentTypesPath, SiteWriter.layout.path]
        where try folder.status(path) != nil { throw SiteError.lostIndex(folder.path) }
        for path in [SitePlan.apiFolder, SitePlan.manifestFolder, Digest.blobFolder]
        where try !folder.names(in: path).isEmpty { throw SiteError.lostIndex(folder.path) }
        guard !isRequired else { throw SiteError.notBuilt(folder.path) }
        return false
    }

    /// Those of some manifests that were once here: they are damaged, not platforms that never came.
    ///
    /// Either their copies below `manifests/` or content-types.json tell.
    func carried(among missing: Set<Digest>) throws(FileError) -> [Digest] {
        guard !missing.isEmpty else { return [] }
        let served = try servedDigests()
        var carried: [Digest] = []
        for digest in missing.sorted() {
            var isCarried = served.contains(digest)
            for kind in ManifestKind.allCases where !isCarried {
                isCarried = try store.folder.status(SitePlan.path(digest, kind)) != nil
            }
            if isCarried { carried.append(digest) }
        }
        return carried
    }

    /// Refuses to render a site that has lost a manifest: without it the new files would say that the
    /// site never had it, and nobody could tell which blobs belong to it.
    ///
    /// - Throws: `SiteError.damagedManifest`, `FileError`.
    func checkNothingIsLost(_ graph: SiteGraph) throws {
        guard let digest = try carried(among: graph.missing).first else { return }
        throw SiteError.damagedManifest(digest, "an index names it")
    }

    /// What content-types.json says that the site serves; nothing if it can't be read.
    private func servedDigests() throws(FileError) -> Set<Digest> {
        let path = SitePlan.contentTypesPath
        guard let bytes = try store.folder.contents(path, limit: JSONLimits.list.bytes) else {
            return []
        }
        return ContentTypes.digests(bytes)
    }
}
