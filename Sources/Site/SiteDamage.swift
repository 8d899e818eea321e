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
        // Nothing of our own state is a link, however deep, but what a killed run was about to rename.
        let all = isThere ? try folder.files(below: state) : []
        let own = all.filter { !$0.hasPrefix("\(BlobStore.staging)/") }
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
        let hasList = try folder.status(SitePlan.contentTypesPath) != nil
        var hasNames = hasList
        for path in [SitePlan.apiFolder, SitePlan.manifestFolder] where !hasNames {
            hasNames = try !folder.names(in: path).isEmpty
        }
        let hasRest =
            try hasNames || folder.status(SiteWriter.layout.path) != nil
            || !folder.names(in: Digest.blobFolder).isEmpty
        guard !hasRest else {
            throw SiteError.lostIndex(folder.path, isRecoverable: hasNames)
        }
        guard !isRequired else { throw SiteError.notBuilt(folder.path) }
        return false
    }

    /// Those of some manifests that were once here: they are damaged, not platforms that never came.
    ///
    /// Their copies below `manifests/`, content-types.json or names in `v2/` tell.
    ///
    /// - Throws: `FileError`: evidence that can't be read isn't taken for none.
    func carried(among missing: Set<Digest>) throws(FileError) -> [Digest] {
        guard !missing.isEmpty else { return [] }
        let served = try servedDigests()
        var carried: [Digest] = []
        for digest in missing.sorted() {
            var paths = ManifestKind.allCases.map { SitePlan.path(digest, $0) }
            if served == nil {
                paths += index.repositories.map {
                    "\(SitePlan.apiFolder)/\($0)/manifests/\(digest)"
                }
            }
            var isCarried = served?.contains(digest) == true
            for path in paths where !isCarried {
                isCarried = try store.folder.status(path) != nil
            }
            if isCarried { carried.append(digest) }
        }
        return carried
    }

    /// Refuses to render a site that has lost a manifest: without it the new files would say that the
    /// site never had it, and nobody could tell which blobs belong to it.
    ///
    /// What waits for `prune` may be lost.
    ///
    /// - Throws: `SiteError.damagedManifest`, `FileError`.
    package func checkNothingIsLost(_ graph: SiteGraph, in entries: [SiteIndex.Entry]) throws {
        var missing: Set<Digest> = []
        for entry in entries where !entry.isReplaced {
            for digest in graph.manifests(below: entry.manifest.digest) {
                let children = graph.nodes[digest]?.manifest.manifests ?? []
                missing.formUnion(children.map(\.digest).filter { graph.nodes[$0] == nil })
            }
        }
        guard let digest = try carried(among: missing).first else { return }
        throw SiteError.damagedManifest(
            digest,
            "an index names it, and its blob is missing or damaged"
        )
    }

    /// What content-types.json says that the site serves; nil if it is missing or damaged.
    private func servedDigests() throws(FileError) -> Set<Digest>? {
        let path = SitePlan.contentTypesPath
        let bytes = try store.folder.contents(path, limit: JSONLimits.list.bytes)
        return bytes.flatMap { try? JSON(parsing: $0, limits: .list) }.map(ContentTypes.digests)
    }

    /// Refuses to change a site whose index.json lacks tags that the site served: they would be
    /// forgotten, and their content pruned.
    ///
    /// - Throws: `SiteError.unlistedTags`, `FileError`.
    static func checkTags(of index: SiteIndex, _ folder: Folder) throws {
        let path = SitePlan.contentTypesPath
        guard let bytes = try folder.contents(path, limit: JSONLimits.list.bytes),
            let json = try? JSON(parsing: bytes, limits: .list)
        else { return }
        let listed = Set(index.entries.compactMap { $0.tag == nil ? nil : $0.name })
        let aliases = Set(
            index.hubPlaces.flatMap { place in
                index.repositories.compactMap { $0.hubAlias(below: place) }
            }
        )
        let lost = ContentTypes.tags(json)
            .filter { tagged in
                // Lists of referrers under a tag are computed.
                tagged.tag.subject == nil && !aliases.contains(tagged.repository)
                    && !listed.contains("\(tagged.repository):\(tagged.tag)")
            }
        guard !lost.isEmpty else { return }
        throw SiteError.unlistedTags(
            folder.path,
            lost.map { "\($0.repository):\($0.tag)" }.sorted()
        )
    }
}
