// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Streams

/// A site that has lost its index.json: what the rest of it still says about its images.
///
/// Tags and repositories come from `SiteNames`, the kinds of manifests from the names below
/// `manifests/`. Nothing here is believed that doesn't hash to its digest.
struct SiteRemains: MemberSource {
    /// The site's files.
    ///
    /// Where a manifest's blob is lost, its copy takes the blob's place.
    let members: MemberTable
    /// What the site served, and under which names.
    let names: SiteNames
    /// Every manifest that the site says to have.
    let carried: Set<Digest>
    private let source: any MemberSource
    private let kinds: [Digest: ManifestKind]
    var unread: [UnreadPath] { source.unread }

    /// Nil if this isn't the rest of a site.
    init?(_ source: some MemberSource) {
        let isSite =
            source.members.contains(SitePath.contentTypes)
            || source.members.symbolicLinks.contains { SitePath($0.path) != nil }
            || source.members.files.contains { SitePath($0.path) != nil }
        guard isSite, !source.members.contains(OCILayout.path) else { return nil }
        self.source = source
        // What can't be read of the evidence is no worse than the lost index.json, which is reported.
        carried = source.carriedBySite().digests
        var members = source.members
        var kinds: [Digest: ManifestKind] = [:]
        for (name, _) in source.members.files {
            guard case .copy(let digest, let kind)? = SitePath(name) else { continue }
            kinds[digest] = kind
            guard !members.contains(digest.blobPath), let path = MemberPath(digest.blobPath) else {
                continue
            }
            members.insert(.hardLink(name), at: path)
        }
        self.members = members
        names = SiteNames(source, known: { kinds[$0] != nil })
        self.kinds = kinds.merging(names.kinds) { copy, _ in copy }
    }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource { try source.open(file) }
    func spooled(_ file: MemberFile) -> SpooledMember? { source.spooled(file) }

    /// Manifests that nothing serves by a name, as far as the site still says.
    var nameless: [Digest] {
        let named = Set(names.served.map(\.manifest)).union(names.computed)
        return kinds.keys.filter { !named.contains($0) }.sorted()
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
        // What the manifest says of itself is hashed; the name of its copy is only a name.
        let type = named ?? kinds[digest]?.mediaType ?? guess.mediaType
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
