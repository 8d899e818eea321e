// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// A site that has lost its index.json: what the rest of it still says about its images.
///
/// Tags and repositories come from the paths below `v2/`, and from content-types.json where those are
/// gone; the kinds of manifests from the names below `manifests/`. No link is followed: the name of its
/// target has the digest. Nothing here is believed that doesn't hash to its digest.
struct SiteRemains: MemberSource {
    /// The site's files.
    ///
    /// Where a manifest's blob is lost, its copy takes the blob's place.
    let members: MemberTable
    /// Each once, sorted.
    private(set) var served: [Served] = []
    /// Every manifest that the site says to have.
    let carried: Set<Digest>
    private let source: any MemberSource
    private var kinds: [Digest: ManifestKind] = [:]
    /// Lists of referrers, which are computed: what they list comes by itself.
    private var computed: Set<Digest> = []
    var unread: [UnreadPath] { source.unread }

    /// What a client gets by a name.
    struct Served: Hashable {
        let repository: RepositoryName
        /// Nil for what is served by digest.
        let tag: Tag?
        let manifest: Digest
    }

    /// Nil if this isn't the rest of a site.
    init?(_ source: some MemberSource) throws(SourceFault) {
        let isSite =
            source.members.contains(SitePath.contentTypes)
            || source.members.symbolicLinks.contains { SitePath($0.path) != nil }
            || source.members.files.contains { SitePath($0.path) != nil }
        guard isSite, !source.members.contains(OCILayout.path) else { return nil }
        self.source = source
        carried = source.carriedBySite()
        var members = source.members
        for file in source.members.files {
            guard case .copy(let digest, let kind)? = SitePath(file.path) else { continue }
            kinds[digest] = kind
            guard !members.contains(digest.blobPath), let path = MemberPath(digest.blobPath) else {
                continue
            }
            members.insert(.hardLink(file.path), at: path)
        }
        self.members = members
        try findServed()
    }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource { try source.open(file) }
    func spooled(_ file: MemberFile) -> SpooledMember? { source.spooled(file) }

    /// Manifests that nothing serves by a name, as far as the site still says.
    var nameless: [Digest] {
        let named = Set(served.map(\.manifest))
        return kinds.keys.filter { !named.contains($0) && !computed.contains($0) }.sorted()
    }

    /// Whether a manifest is an index, by the name of its copy.
    func isIndex(_ digest: Digest) -> Bool { kinds[digest]?.isIndex == true }

    /// Reads and checks a manifest, and says whether a build made it.
    func manifest(_ digest: Digest) throws(SourceFault) -> (root: Descriptor, isMade: Bool) {
        let path = digest.blobPath
        guard try has(path, neededBy: SitePath.api) else { throw .lost(digest, neededBy: digest) }
        let document = try document(try file(path, neededBy: SitePath.api))
        guard document.digest == digest else {
            throw .digest(member: path, expected: digest, found: document.digest)
        }
        let named = document.json["mediaType"]?.string.flatMap(MediaType.init)
        let guess: ManifestKind = document.json["manifests"] == nil ? .ociManifest : .ociIndex
        let type = kinds[digest]?.mediaType ?? named ?? guess.mediaType
        return (document.descriptor(type), Self.isMade(document, type))
    }

    /// Whether a manifest has the very bytes that a build writes; registries have others.
    private static func isMade(_ document: RawDocument, _ type: MediaType) -> Bool {
        guard let manifest = try? Manifest(document, claimed: type) else { return false }
        let made =
            switch manifest.content {
            case .index(let children): Manifest.index(children)
            case .image(let config, let layers):
                Manifest.image(manifest.kind, config: config, layers: layers)
            }
        return made.digest == document.digest
    }
}

// Names.
extension SiteRemains {
    private typealias Name = (repository: RepositoryName, name: String)

    private mutating func findServed() throws(SourceFault) {
        var found: [Served] = []
        for (path, target) in source.members.symbolicLinks {
            guard case .manifest(let repository, let name)? = SitePath(path),
                let last = target.split(separator: "/").last,
                let copy = SitePath.copy(named: last)
            else { continue }
            kinds[copy.digest] = copy.kind
            found.append(contentsOf: Self.served((repository, name), copy.digest))
        }
        for file in source.members.files {
            guard case .manifest(let repository, let name)? = SitePath(file.path) else { continue }
            let bytes = try bytes(of: file, limit: JSONLimits.document.bytes)
            let plain = Self.portableTag(name) ?? name
            found.append(contentsOf: Self.served((repository, plain), Digest(of: bytes)))
        }
        let tagged = Set(found.map { Key($0.repository, $0.tag, $0.manifest) })
        found += try listed().filter { !tagged.contains(Key($0.repository, $0.tag, $0.manifest)) }
        try add(found)
    }

    /// A tag has one manifest, a digest may have many names.
    private struct Key: Hashable {
        let repository: RepositoryName
        let tag: Tag?
        let manifest: Digest?

        init(_ repository: RepositoryName, _ tag: Tag?, _ manifest: Digest) {
            self.repository = repository
            self.tag = tag
            self.manifest = tag == nil ? manifest : nil
        }
    }

    private static func served(_ name: Name, _ digest: Digest) -> [Served] {
        let tag = Tag(name.name)
        guard tag != nil || Digest(name.name) != nil else { return [] }
        return [Served(repository: name.repository, tag: tag, manifest: digest)]
    }

    /// The tag in the name of a portable file: `_TAG.KIND`, `+TAG.KIND`.
    private static func portableTag(_ name: String) -> String? {
        guard let mark = name.first, "_+".contains(mark) else { return nil }
        let kind = ManifestKind.allCases.first { name.hasSuffix(".\($0.rawValue)") }
        return kind.map { String(name.dropFirst().dropLast($0.rawValue.count + 1)) }
    }

    /// What content-types.json lists; nothing if it can't be read.
    private func listed() throws(SourceFault) -> [Served] {
        guard members.contains(SitePath.contentTypes),
            let file = try? file(SitePath.contentTypes, neededBy: SitePath.api),
            let json = try? document(file, limits: .list).json
        else { return [] }
        return (json.members ?? [])
            .flatMap { member -> [Served] in
                guard let path = MemberPath(String(member.key.drop { $0 == "/" })),
                    case .manifest(let repository, let name)? = SitePath(path),
                    let digest = member.value["digest"]?.string.flatMap({ Digest($0) })
                else { return [] }
                return Self.served((repository, name), digest)
            }
    }

    /// Keeps what the site listed itself: no names of Docker Hub beside a repository's own, no tags
    /// that are computed.
    private mutating func add(_ found: [Served]) throws(SourceFault) {
        let catalog = strings(in: "\(SitePath.api)/_catalog", "repositories")
        let all = Dictionary(grouping: found, by: \.repository)
        for (repository, names) in all {
            let isOwn = catalog.map { $0.contains(repository.description) } ?? false
            if !isOwn, repository.isHubAlias(among: all.keys.map(\.description)) { continue }
            let computed = computedLists(repository, names)
            self.computed.formUnion(computed)
            served += names.filter { !computed.contains($0.manifest) }
        }
        served = Array(Set(served))
            .sorted {
                ($0.repository, $0.tag?.description ?? "", $0.manifest)
                    < ($1.repository, $1.tag?.description ?? "", $1.manifest)
            }
    }

    /// The lists of referrers that have a tag which `tags/list` doesn't name: the site makes them again.
    private func computedLists(_ repository: RepositoryName, _ names: [Served]) -> Set<Digest> {
        let tags = strings(in: "\(SitePath.api)/\(repository)/tags/list", "tags")
        return Set(
            names.filter { served in
                guard let tag = served.tag, tag.subject != nil else { return false }
                return tags?.contains(tag.description) != true
            }
            .map(\.manifest)
        )
    }

    /// A list of the API; nil if it can't be read.
    private func strings(in path: String, _ key: String) -> Set<String>? {
        guard let file = try? file(path, neededBy: SitePath.api),
            let json = try? document(file, limits: .list).json
        else { return nil }
        return (json[key]?.array).map { Set($0.compactMap(\.string)) }
    }
}

extension RepositoryName {
    /// Whether this is how a mirror of Docker Hub is asked for another of these repositories.
    fileprivate func isHubAlias(among names: [String]) -> Bool {
        var parts = components
        guard parts.count > 1, parts[parts.count - 2] == "library" else { return false }
        parts.remove(at: parts.count - 2)
        return names.contains(parts.joined(separator: "/"))
    }
}
