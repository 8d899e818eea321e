// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI
internal import Streams

/// The data of a registry program, such as a backup of `/var/lib/registry`.
///
/// Every file has a digest in its path, or is a small link file that contains a digest. The link
/// files show what the registry serves.
struct RegistryVolume: MemberSource {
    /// The blobs, with the paths that blobs have in an OCI layout.
    let members: MemberTable
    /// The sizes of the blobs in bytes.
    let blobs: [Digest: Int]
    /// The number of unfinished pushes.
    let uploads: Int
    /// Tags with a history but without a current digest.
    let lostTags: [String]
    /// Files in place of the registry's folders.
    let notFolders: [String]
    /// Symbolic links in place of the registry's files.
    let links: [String]
    /// Every manifest that a repository claims to have; if such a manifest is missing, it was lost.
    let carried: Set<Digest>
    private let tags: [Tagged]
    private let revisions: [Revision]
    private let source: any MemberSource

    private struct Tagged {
        let repository: String
        let tag: String
        let link: MemberFile
    }

    private struct Revision {
        let repository: String
        let digest: Digest
        /// The path of the link file.
        let path: String
    }

    /// Nil if the input has no registry data.
    init?(_ source: any MemberSource) {
        var members = MemberTable()
        var blobs: [Digest: Int] = [:]
        var tags: [Tagged] = []
        var revisions: [Revision] = []
        var uploads: Set<String> = []
        var known: Set<String> = []
        var notFolders: [String] = []
        for (path, file) in source.members.files {
            switch VolumePath(path) {
            case .blob(let digest):
                guard let path = MemberPath(digest.blobPath) else { continue }
                members.insert(.file(file), at: path)
                blobs[digest] = file.size
            case .tag(let repository, let tag):
                tags.append(Tagged(repository: repository, tag: tag, link: file))
            case .revision(let repository, let digest):
                revisions.append(
                    Revision(
                        repository: repository,
                        digest: digest,
                        path: path.description
                    )
                )
            case .tagHistory(let repository, let tag): known.insert("\(repository):\(tag)")
            case .inPlaceOfFolder: notFolders.append(path.description)
            case .upload(let name): uploads.insert(name)
            case nil: continue
            }
        }
        guard !tags.isEmpty || !revisions.isEmpty || !blobs.isEmpty || !known.isEmpty else {
            return nil
        }
        self.members = members
        self.blobs = blobs
        self.source = source
        self.uploads = uploads.count
        self.notFolders = notFolders
        let current = Set(tags.map { "\($0.repository):\($0.tag)" })
        lostTags = known.subtracting(current).sorted()
        links = source.members.symbolicLinks.filter { VolumePath($0.path) != nil }
            .map(\.path.description)
        carried = Set(revisions.map(\.digest))
        self.tags = tags.sorted { ($0.repository, $0.tag) < ($1.repository, $1.tag) }
        self.revisions = revisions.sorted {
            ($0.repository, $0.digest.hex) < ($1.repository, $1.digest.hex)
        }
    }

    /// The folder in the source that has the data of a registry; nil if no member is a tag or
    /// manifest of a registry.
    static func folder(in members: MemberTable) -> String? {
        let link = members.files.first { path, _ in
            switch VolumePath(path) {
            case .tag, .revision: true
            case .blob, .tagHistory, .inPlaceOfFolder, .upload, nil: false
            }
        }
        return link?.file.path.components.prefix { $0 != "repositories" }.joined(separator: "/")
    }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource { try source.open(file) }
    func spooled(_ file: MemberFile) -> SpooledMember? { source.spooled(file) }
    func elsewhere(_ wanted: WantedContent) -> MemberFile? { source.elsewhere(wanted) }
}

// The names under which the registry serves manifests.
extension RegistryVolume {
    /// Reads all tags, and returns a fault for each tag without a readable manifest.
    func tagged() -> (found: [ServedName], faults: [ImageFault]) {
        var found: [ServedName] = []
        var faults: [ImageFault] = []
        for tagged in tags {
            do throws(SourceFault) {
                found.append(try read(tagged))
            } catch {
                faults.append(("\(tagged.repository):\(tagged.tag)", error))
            }
        }
        return (found, faults)
    }

    /// Lists all manifests of the repositories, with or without a tag, and returns a fault for each
    /// missing manifest.
    func byDigest() -> (found: [ServedName], faults: [ImageFault]) {
        var found: [ServedName] = []
        var faults: [ImageFault] = []
        for revision in revisions {
            let label = "\(revision.repository)@\(revision.digest)"
            guard let repository = RepositoryName(revision.repository) else {
                // If the repository has tags, `tagged` already reports the invalid name.
                if !tags.contains(where: { $0.repository == revision.repository }) {
                    faults.append((label, .invalidName(revision.repository)))
                }
                continue
            }
            guard has(revision.digest) else {
                faults.append((label, .dangling(member: revision.path, revision.digest)))
                continue
            }
            found.append(ServedName(repository, nil, revision.digest))
        }
        return (found, faults)
    }

    /// Returns false for a link in the place of a blob; such a link is also listed in `links`.
    private func has(_ digest: Digest) -> Bool {
        (try? has(digest.blobPath, neededBy: "\(digest)")) ?? false
    }

    /// The maximum size of a link file, which contains `sha256:`, 64 digits and perhaps a line
    /// break.
    private static let maximumLink = 256

    private func read(_ tagged: Tagged) throws(SourceFault) -> ServedName {
        guard let repository = RepositoryName(tagged.repository), let tag = Tag(tagged.tag) else {
            throw .invalidName("\(tagged.repository):\(tagged.tag)")
        }
        let path = tagged.link.path.description
        guard tagged.link.size <= Self.maximumLink else { throw .noDigest(member: path) }
        let bytes = try bytes(of: tagged.link, limit: Self.maximumLink)
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
        guard let digest = Digest(text) else { throw .noDigest(member: path) }
        guard has(digest) else {
            throw .dangling(member: path, digest)
        }
        return ServedName(repository, tag, digest)
    }
}

// Manifests that are known only by digest.
extension RegistryVolume {
    /// Reads and checks a manifest; takes the media type from the document, or guesses it from the
    /// content.
    func manifest(_ digest: Digest) throws(SourceFault) -> (root: Descriptor, json: JSON) {
        let path = digest.blobPath
        let document = try document(try file(path, neededBy: "\(digest)"))
        guard document.digest == digest else {
            throw .digest(member: path, expected: digest, found: document.digest)
        }
        let json = document.json
        guard json["schemaVersion"]?.integer != 1 else { throw .schema1(digest) }
        let named = json["mediaType"]?.string.flatMap(MediaType.init)
        let kind: ManifestKind = json["manifests"] == nil ? .ociManifest : .ociIndex
        return (document.descriptor(named ?? kind.mediaType), json)
    }
}
