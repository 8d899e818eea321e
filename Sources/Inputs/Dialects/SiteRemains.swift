// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI
internal import Streams

/// The remaining files of a site that has lost its index.json.
///
/// `SiteNames` finds the tags and repositories, and the names below `manifests/` give the kinds of
/// manifests. Content is accepted only if it matches its digest.
struct SiteRemains: MemberSource {
    /// The site's files.
    ///
    /// If the blob of a manifest is lost or damaged, its path here links to the copy below
    /// `manifests/`.
    let members: MemberTable
    /// The names under which the site served its manifests.
    let names: SiteNames
    /// Every manifest that the site claims to have.
    let carried: Set<Digest>
    private let source: any MemberSource
    private let kinds: [Digest: ManifestKind]
    /// The record of the manifests that regstatic made; nil if this record is lost, too.
    private let made: Set<Digest>?
    var unread: [UnreadPath] { source.unread }

    /// Nil unless the input is a site that has lost its index.json.
    init?(_ source: some MemberSource) {
        let isSite =
            source.members.contains(SitePath.contentTypes)
            || source.members.symbolicLinks.contains { SitePath($0.path) != nil }
            || source.members.files.contains { SitePath($0.path) != nil }
        guard isSite, !source.members.contains(OCILayout.path) else { return nil }
        self.source = source
        // Ignore the error if content-types.json is unreadable, because the lost index.json is
        // reported in any case.
        carried = source.carriedBySite().digests
        made = OCILayout.inputs(in: source).flatMap { InputCache($0).made }
        var members = source.members
        var kinds: [Digest: ManifestKind] = [:]
        for (name, copy) in source.members.files {
            guard case .copy(let digest, let kind)? = SitePath(name) else { continue }
            kinds[digest] = kind
            guard let path = MemberPath(digest.blobPath) else { continue }
            let blob = try? members.file(path)
            guard blob.map({ !Self.has($0, digest, in: source) }) ?? true else { continue }
            guard blob == nil || Self.has(copy, digest, in: source) else { continue }
            members.insert(.hardLink(name), at: path)
        }
        self.members = members
        names = SiteNames(source, known: { kinds[$0] != nil })
        self.kinds = kinds.merging(names.kinds) { copy, _ in copy }
    }

    /// Whether a file can be read and has a digest.
    private static func has(
        _ file: MemberFile,
        _ digest: Digest,
        in source: some MemberSource
    ) -> Bool {
        let bytes = try? source.bytes(of: file, limit: JSONLimits.document.bytes)
        return bytes.map { Digest(of: $0) } == digest
    }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource { try source.open(file) }
    func spooled(_ file: MemberFile) -> SpooledMember? { source.spooled(file) }
    func elsewhere(_ wanted: WantedContent) -> MemberFile? { source.elsewhere(wanted) }

    /// Manifests whose names don't occur in any remaining file.
    var nameless: [Digest] {
        let named = Set(names.served.map(\.manifest)).union(names.computed)
        return kinds.keys.filter { !named.contains($0) }.sorted()
    }

    /// Whether a manifest is an index, judged by the name of its copy.
    func isIndex(_ digest: Digest) -> Bool { kinds[digest]?.isIndex == true }

    /// Reads and checks a manifest, and returns whether regstatic made it.
    func manifest(_ digest: Digest) throws(SourceFault) -> (root: Descriptor, isMade: Bool) {
        let path = digest.blobPath
        guard try has(path, neededBy: SitePath.api) else { throw .lost(digest, neededBy: digest) }
        let document = try document(try file(path, neededBy: SitePath.api))
        guard document.digest == digest else {
            throw .digest(member: path, expected: digest, found: document.digest)
        }
        let named = document.json["mediaType"]?.string.flatMap(MediaType.init)
        let guess: ManifestKind = document.json["manifests"] == nil ? .ociManifest : .ociIndex
        // Prefer the media type in the manifest to the kind in the copy's name, because the digest
        // protects only the content.
        let type = named ?? kinds[digest]?.mediaType ?? guess.mediaType
        let isMade = made?.contains(digest) ?? Self.isMade(document, type)
        return (document.descriptor(type), isMade)
    }

    /// Guesses whether regstatic made a manifest, by comparing its bytes with those that regstatic
    /// would write.
    ///
    /// Most manifests from registries have other bytes, but some manifests by skopeo have the same
    /// bytes. The next build of the original input corrects a wrong guess.
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
