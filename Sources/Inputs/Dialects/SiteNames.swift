// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The names under which a site serves its manifests, found without its index.json.
///
/// The paths below `v2/` take precedence over content-types.json. To find the digest of a link, it
/// is enough to read the target's name, so links aren't followed.
struct SiteNames {
    /// The names without duplicates, sorted.
    private(set) var served: [ServedName] = []
    /// The digests of the referrers lists that the site's build made under fallback tags; the next
    /// build makes them again.
    private(set) var computed: Set<Digest> = []
    /// The kinds of manifests, taken from the targets of links.
    private(set) var kinds: [Digest: ManifestKind] = [:]
    /// The faults of names whose file is unreadable and whose digest wasn't found in another file.
    private(set) var faults: [ImageFault] = []

    /// Collects the names; `known` returns whether the site has a copy of a manifest.
    ///
    /// If the files give a tag several manifests, the first manifest with a copy is chosen.
    init(_ source: some MemberSource, known: (Digest) -> Bool) {
        var unread: [Key: ImageFault] = [:]
        // Members come in random order, so sort them to make the choice reproducible.
        let found =
            links(of: source).sorted() + files(of: source, &unread).sorted()
            + Self.listed(in: source)
        var chosen: [Key: ServedName] = [:]
        for served in found {
            let key = Key(served)
            guard let other = chosen[key] else {
                chosen[key] = served
                continue
            }
            if !known(other.manifest), known(served.manifest) { chosen[key] = served }
        }
        keepOwn(Array(chosen.values), source)
        faults = unread.filter { chosen[$0.key] == nil }.map(\.value)
            .sorted { ($0.image ?? "") < ($1.image ?? "") }
    }

    /// The identity of a name.
    ///
    /// The digest is a part of it only if the name has no tag, because a tag has only one manifest.
    private struct Key: Hashable {
        let repository: RepositoryName
        let tag: Tag?
        let manifest: Digest?

        init(_ served: ServedName) {
            repository = served.repository
            tag = served.tag
            manifest = served.tag == nil ? served.manifest : nil
        }

        init(_ repository: RepositoryName, _ tag: Tag) {
            (self.repository, self.tag, manifest) = (repository, tag, nil)
        }
    }

    // MARK: Where names are found

    /// Finds the names of the plain layout.
    private mutating func links(of source: some MemberSource) -> [ServedName] {
        var found: [ServedName] = []
        for (path, target) in source.members.symbolicLinks {
            guard case .manifest(let repository, let name)? = SitePath(path),
                let last = target.split(separator: "/").last,
                let copy = SitePath.copy(named: last)
            else { continue }
            kinds[copy.digest] = copy.kind
            found += Self.served(repository, name: name, manifest: copy.digest)
        }
        return found
    }

    /// Finds the names of the portable layout, and of a plain layout whose links became files when
    /// it was copied.
    private func files(
        of source: some MemberSource,
        _ unread: inout [Key: ImageFault]
    ) -> [ServedName] {
        var found: [ServedName] = []
        for (path, file) in source.members.files {
            guard case .manifest(let repository, let name)? = SitePath(path) else { continue }
            let plain = Self.portableTag(name) ?? name
            do throws(SourceFault) {
                let bytes = try source.bytes(of: file, limit: JSONLimits.document.bytes)
                found += Self.served(repository, name: plain, manifest: Digest(of: bytes))
            } catch {
                guard let tag = Tag(plain) else { continue }
                unread[Key(repository, tag)] = ("\(repository):\(tag)", error)
            }
        }
        return found
    }

    /// Reads the names in content-types.json; empty if it is unreadable.
    private static func listed(in source: some MemberSource) -> [ServedName] {
        document(SitePath.contentTypes, in: source).map { ContentTypes($0).names } ?? []
    }

    private static func served(
        _ repository: RepositoryName,
        name: String,
        manifest digest: Digest
    ) -> [ServedName] {
        let tag = Tag(name)
        guard tag != nil || Digest(name) != nil else { return [] }
        return [ServedName(repository, tag, digest)]
    }

    /// Extracts the tag from the name of a portable file, `_TAG.KIND` or `+TAG.KIND`.
    private static func portableTag(_ name: String) -> String? {
        guard let mark = name.first, "_+".contains(mark) else { return nil }
        let kind = ManifestKind.allCases.first { name.hasSuffix(".\($0.rawValue)") }
        return kind.map { String(name.dropFirst().dropLast($0.rawValue.count + 1)) }
    }

    // MARK: What the site listed itself

    /// Removes the names that each build adds itself, namely Docker Hub aliases and referrers
    /// lists.
    private mutating func keepOwn(_ found: [ServedName], _ source: some MemberSource) {
        let catalog = Self.strings("\(SitePath.api)/_catalog", "repositories", in: source)
        let all = Dictionary(grouping: found, by: \.repository)
        let names = Set(all.keys.map(\.description))
        for (repository, own) in all {
            let isListed = catalog?.contains(repository.description) ?? false
            if !isListed, repository.isHubAlias(among: names) { continue }
            let lists = computedLists(repository, names: own, in: source)
            computed.formUnion(lists)
            served += own.filter { !lists.contains($0.manifest) }
        }
        served.sort()
    }

    /// Finds referrers lists whose tags are not in `tags/list`.
    private func computedLists(
        _ repository: RepositoryName,
        names: [ServedName],
        in source: some MemberSource
    ) -> Set<Digest> {
        let candidates = names.filter { $0.tag?.subject != nil }
        guard !candidates.isEmpty else { return [] }
        let tags = Self.strings("\(SitePath.api)/\(repository)/tags/list", "tags", in: source)
        let unlisted = candidates.filter { served in
            served.tag.map { tags?.contains($0.description) != true } ?? false
        }
        return Set(unlisted.map(\.manifest))
    }

    /// Reads a list of the API; nil if it is unreadable.
    private static func strings(
        _ path: String,
        _ key: String,
        in source: some MemberSource
    ) -> Set<String>? {
        document(path, in: source)?[key]?.array.map { Set($0.compactMap(\.string)) }
    }

    private static func document(_ path: String, in source: some MemberSource) -> JSON? {
        guard let file = try? source.file(path, neededBy: SitePath.api) else { return nil }
        return try? source.document(file, limits: .list).json
    }
}

extension RepositoryName {
    /// Whether this is the Docker Hub alias (`library/NAME`) of a repository in `names`.
    fileprivate func isHubAlias(among names: Set<String>) -> Bool {
        var parts = components
        guard parts.count > 1, parts[parts.count - 2] == "library" else { return false }
        parts.remove(at: parts.count - 2)
        return names.contains(parts.joined(separator: "/"))
    }
}
