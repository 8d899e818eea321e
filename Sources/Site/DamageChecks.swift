// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import OCI
internal import Store
internal import Streams

// These checks stop a run, because a change to a damaged site would hide the losses.
extension SiteFolder {
    /// All folders that have a fixed path in a site.
    private static let folders = [
        "blobs", Digest.blobFolder, "manifests", SitePlan.manifestFolder, SitePlan.apiFolder,
        SitePath.servers, SitePath.clients, PagePlan.folder, SignaturePath.folder,
        SitePrograms.folder,
        StateFolder.path,
    ]

    /// The names of all files and folders at the top of a site.
    static let ownNames =
        Set(folders.map { String($0.prefix { $0 != "/" }) })
        .union([
            SiteIndex.path, FileList.path, SitePlan.ociLayout.path, SitePlan.contentTypesPath,
            PagePlan.frontPath, SitePrograms.guide,
        ])

    /// Refuses to write a command's output to any path that the site uses or may use.
    ///
    /// - Throws: `PolicyRefusal.outputInSite`.
    package func checkOutput(_ path: String) throws(PolicyRefusal) {
        let place = OutputFile.place(of: path, in: store.folder)
        guard let first = place?.split(separator: "/").first else { return }
        // Ignore case, because some media don't distinguish upper and lower case.
        guard Self.ownNames.contains(where: { $0.lowercased() == first.lowercased() }) else {
            return
        }
        throw .outputInSite(path)
    }

    /// Finds symbolic links that are inside .regstatic or that replace one of the site's folders.
    ///
    /// The target of such a link isn't part of the site, so regstatic must not read, write or
    /// delete it.
    static func links(in folder: Folder) throws(FileError) -> [String] {
        let state = StateFolder.path
        let isThere = try folder.status(state) == .folder
        // Ignore links in the staging folder, because a killed run may leave temporary links there.
        // In the rest of .regstatic, regstatic makes no links.
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
        throw SiteDamage.linkInSite(folder.absolute(link))
    }

    /// Whether the site has its index.json.
    ///
    /// If index.json is missing, but other files of a site exist, this function throws an error,
    /// because index.json was lost. If regstatic treated the folder as an empty site, all images
    /// would leave the list, and `prune` would delete them.
    static func hasIndex(_ folder: Folder, isRequired: Bool) throws -> Bool {
        guard try folder.status(SiteIndex.path) == nil else { return true }
        let hasList = try folder.status(SitePlan.contentTypesPath) != nil
        var hasNames = hasList
        for path in [SitePlan.apiFolder, SitePlan.manifestFolder] where !hasNames {
            hasNames = try !folder.names(in: path).isEmpty
        }
        let hasRest =
            try hasNames || folder.status(SitePlan.ociLayout.path) != nil
            || !folder.names(in: Digest.blobFolder).isEmpty
        guard !hasRest else {
            throw SiteDamage.lostIndex(folder.path, isRecoverable: hasNames)
        }
        guard !isRequired else { throw SiteDamage.notBuilt(folder.path) }
        return false
    }

    /// Finds the missing manifests that the site once had.
    ///
    /// All other missing manifests belong to platforms that were never saved.
    ///
    /// A copy below `manifests/`, content-types.json or a name in `v2/` shows that the site once
    /// had a manifest.
    ///
    /// - Throws: `FileError`, because a failed read doesn't prove that the site never had a
    ///   manifest.
    func carried(among missing: Set<Digest>) throws(FileError) -> [Digest] {
        guard !missing.isEmpty else { return [] }
        let served = try Self.contentTypes(store.folder)?.digests
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

    /// Refuses to render a site that has lost a manifest.
    ///
    /// Without the manifest, the new files would claim that the site never had this manifest, and
    /// regstatic wouldn't know which blobs belong to it. Lost manifests of replaced entries are
    /// tolerated.
    ///
    /// - Throws: `SiteDamage.lostManifest`, `FileError`.
    package func checkNothingIsLost(_ graph: SiteGraph, in entries: [SiteIndex.Entry]) throws {
        var missing: Set<Digest> = []
        for entry in entries where !entry.isReplaced {
            guard graph.nodes[entry.manifest.digest] != nil else {
                throw try lostManifest(entry.manifest.digest, graph, in: entries)
            }
            missing.formUnion(Self.missing(below: entry, graph))
        }
        guard let digest = try carried(among: missing).first else { return }
        throw try lostManifest(digest, graph, in: entries)
    }

    private static func missing(below entry: SiteIndex.Entry, _ graph: SiteGraph) -> Set<Digest> {
        var missing: Set<Digest> = []
        for digest in graph.manifests(below: entry.manifest.digest) {
            let children = graph.nodes[digest]?.manifest.manifests ?? []
            missing.formUnion(children.map(\.digest).filter { graph.nodes[$0] == nil })
        }
        return missing
    }

    private func lostManifest(
        _ digest: Digest,
        _ graph: SiteGraph,
        in entries: [SiteIndex.Entry]
    ) throws(FileError) -> SiteDamage {
        let needing = entries.filter { entry in
            !entry.isReplaced
                && (entry.manifest.digest == digest
                    || Self.missing(below: entry, graph).contains(digest))
        }
        let cache = try inputs()
        return .lostManifest(
            LostManifest(
                site: store.folder.path,
                digest: digest,
                images: needing.map(\.name),
                inputs: cache.inputs(of: needing)
            )
        )
    }

    /// Reads the resources that content-types.json lists; nil if the file is missing or damaged.
    private static func contentTypes(_ folder: Folder) throws(FileError) -> ContentTypes? {
        let bytes = try folder.contents(SitePlan.contentTypesPath, limit: JSONLimits.list.bytes)
        return bytes.flatMap { try? ContentTypes(parsing: $0) }
    }

    /// Refuses to change a site whose index.json lacks tags that the site served.
    ///
    /// Without this check, the site would lose these tags, and `prune` would delete their content.
    ///
    /// - Returns: the names that `checkDigests` needs, so that it needn't read content-types.json
    ///   again, which is the largest file that a run reads.
    /// - Throws: `SiteDamage.unlisted`, `FileError`.
    static func checkTags(of index: SiteIndex, _ folder: Folder) throws -> [ServedName] {
        guard let served = try contentTypes(folder)?.names else { return [] }
        let aliases = Set(
            index.hubPlaces.flatMap { place in
                index.repositories.compactMap { $0.hubAlias(below: place) }
            }
        )
        let names = served.filter { !aliases.contains($0.repository) }
        let lost = names.filter { name in
            // Fallback tags are computed, so index.json doesn't list them.
            guard let tag = name.tag, tag.subject == nil else { return false }
            return index.manifest(name.repository, tag) == nil
        }
        try refuse(lost, folder)
        return names.byDigest(unlistedIn: index)
    }

    /// Refuses to change a site whose index.json lacks images that the site served by digest.
    ///
    /// If the site has lost a manifest, this check is skipped, because the children of the lost
    /// manifest are unknown.
    func checkDigests(_ graph: SiteGraph) throws {
        guard index.entries.allSatisfy({ graph.nodes[$0.manifest.digest] != nil }),
            try carried(among: graph.missing).isEmpty
        else { return }
        let names = try servedByDigest ?? Self.checkTags(of: index, store.folder)
        guard !names.isEmpty else { return }
        let views = RepositoryView.all(index, graph)
        let known = Dictionary(views.map { ($0.name, $0.manifests) }) { first, _ in first }
        let lost = names.filter { known[$0.repository]?.contains($0.manifest) != true }
        try Self.refuse(lost, store.folder)
    }

    private static func refuse(_ lost: [ServedName], _ folder: Folder) throws(SiteDamage) {
        guard !lost.isEmpty else { return }
        throw .unlisted(folder.path, lost.sorted().map(\.description))
    }
}

extension [ServedName] {
    /// The names by digest that are neither entries of the index nor computed lists of referrers,
    /// but usually children of its entries.
    fileprivate func byDigest(unlistedIn index: SiteIndex) -> [ServedName] {
        let computed = Set(filter { $0.tag?.subject != nil }.map(\.withoutTag))
        let listed = Set(index.entries.map(\.withoutTag))
        return filter { $0.tag == nil && !computed.contains($0) && !listed.contains($0) }
    }
}
