// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// The contents and settings of a site, as stored in its `index.json`.
///
/// All other files of the site are rendered from this index and the manifests.
package struct SiteIndex: Sendable {
    /// An image in a repository, either under a tag or by digest only.
    package struct Entry: Hashable, Sendable {
        package let repository: RepositoryName
        package let tag: Tag?
        /// The manifest's media type, digest and size, and the platform of a single image.
        package let manifest: Descriptor
        /// Whether the image is kept only until `prune`, because its tag moved or because the user
        /// removed the image.
        package var isReplaced = false
        /// Whether regstatic made the image's manifest, so that no registry has the digest.
        package var isMade = false
    }

    /// An image that is served by digest only.
    private struct Untagged {
        let manifest: Descriptor
        let isReplaced: Bool
    }

    /// The layout of the site's files.
    package var layout = SiteLayout.plain
    /// The settings from which the client kit is rendered.
    package var kit = ClientSettings()
    /// The settings of the web pages.
    package var page = PageSettings()
    /// The programs on the site's medium.
    package var programs = SitePrograms()
    /// The names of the web servers for which the site has configuration; empty if not chosen yet.
    package var servers: [String] = []
    /// The digest of the list of all derived files; nil until the site is rendered for the first time.
    package var list: Digest?
    private var tagged: [RepositoryName: [Tag: DescriptorTable.Place]] = [:]
    private var descriptors = DescriptorTable()
    private var untagged: [RepositoryName: [Digest: Untagged]] = [:]
    /// Manifests that regstatic made.
    private var made: Set<Digest> = []

    package init() {}

    package static let path = "index.json"

    package var repositories: [RepositoryName] {
        Set(tagged.keys).union(untagged.keys).sorted()
    }

    /// The prefixes of Docker Hub's names in this site; nil, for no prefix, is always the first.
    package var hubPlaces: [RepositoryName?] {
        let hub = kit.mirrors.filter { $0.host.description == Reference.dockerHub }
        return [nil] + hub.compactMap(\.place).sorted()
    }

    /// The number of entries.
    private var count: Int {
        tagged.values.reduce(0) { $0 + $1.count } + untagged.values.reduce(0) { $0 + $1.count }
    }

    /// All entries, sorted by repository, with the tagged entries of each first.
    package var entries: [Entry] {
        repositories.flatMap(entries(of:))
    }

    /// The entries of one repository, with the tagged entries first.
    package func entries(of repository: RepositoryName) -> [Entry] {
        let tags = (tagged[repository] ?? [:]).sorted { $0.key < $1.key }
        let digests = (untagged[repository] ?? [:]).sorted { $0.key < $1.key }
        return tags.map { entry(repository, $0.key, descriptors[$0.value]) }
            + digests.map { entry(repository, nil, $1.manifest, isReplaced: $1.isReplaced) }
    }

    /// Returns an entry for an image, even if the index doesn't list the image.
    package func entry(
        _ repository: RepositoryName,
        _ tag: Tag?,
        _ manifest: Descriptor,
        isReplaced: Bool = false
    ) -> Entry {
        Entry(
            repository: repository,
            tag: tag,
            manifest: manifest,
            isReplaced: isReplaced,
            isMade: made.contains(manifest.digest)
        )
    }

    /// Whether regstatic made a manifest.
    package func isMade(_ manifest: Digest) -> Bool { made.contains(manifest) }

    /// Records whether regstatic or a registry made a manifest.
    package mutating func note(_ manifest: Digest, isMade: Bool) {
        if isMade { made.insert(manifest) } else { made.remove(manifest) }
    }

    package func manifest(_ repository: RepositoryName, _ tag: Tag) -> Descriptor? {
        tagged[repository]?[tag].map { descriptors[$0] }
    }

    package func holds(_ repository: RepositoryName, _ digest: Digest) -> Bool {
        untagged[repository]?[digest] != nil
            || tagged[repository]?.values.contains { descriptors[$0].digest == digest } == true
    }

    /// Puts an image under a tag.
    ///
    /// The image that the tag named before stays available by digest, because a client may have
    /// resolved the tag but not yet fetched the manifest.
    package mutating func set(_ repository: RepositoryName, _ tag: Tag, _ manifest: Descriptor) {
        let old = self.manifest(repository, tag)
        tagged[repository, default: [:]][tag] = descriptors.place(of: manifest)
        untagged[repository]?[manifest.digest] = nil
        if let old { add(repository, old, isReplaced: true) }
    }

    /// Adds an image that is served by digest, unless a tag of the repository already names it.
    package mutating func add(
        _ repository: RepositoryName,
        _ manifest: Descriptor,
        isReplaced: Bool = false
    ) {
        let image = Untagged(manifest: manifest, isReplaced: isReplaced)
        guard holds(repository, manifest.digest) else {
            untagged[repository, default: [:]][manifest.digest] = image
            return
        }
        // If a replaced image is added again as a current image, `prune` must no longer remove it.
        if !isReplaced, untagged[repository]?[manifest.digest] != nil {
            untagged[repository]?[manifest.digest] = image
        }
    }

    /// A copy of this index with all settings, but without images.
    package var emptied: SiteIndex {
        var index = self
        (index.tagged, index.untagged) = ([:], [:])
        return index
    }

    /// Removes an entry, and its repository if it was the last entry.
    package mutating func drop(_ entry: Entry) {
        let repository = entry.repository
        if let tag = entry.tag {
            tagged[repository]?[tag] = nil
            if tagged[repository]?.isEmpty == true { tagged[repository] = nil }
        } else {
            untagged[repository]?[entry.manifest.digest] = nil
            if untagged[repository]?.isEmpty == true { untagged[repository] = nil }
        }
    }
}

// The file is the index of an OCI image layout, which skopeo, oras and crane can read.
extension SiteIndex {
    /// Parses a site's index.json.
    ///
    /// - Throws: `SiteDamage.index`, `.kitSettings`; `LayoutError.unknownLayout`.
    package init(parsing bytes: [UInt8]) throws {
        guard let json = try? JSON(parsing: bytes, limits: .list),
            let entries = json["manifests"]?.array
        else { throw SiteDamage.index(.notAList) }
        let annotations = json["annotations"]
        // A newer version may write entries and settings in another way, so check the layout first.
        if let text = annotations?[Self.layoutMark]?.string {
            guard let layout = SiteLayout(rawValue: text) else {
                throw LayoutError.unknownLayout(text)
            }
            self.layout = layout
        }
        for entry in entries { try read(entry) }
        // If the mark is missing, another program has rewritten the file, so that the layout and
        // all settings are lost.
        guard annotations?[SiteMark.site] != nil else {
            throw SiteDamage.index(.unmarked(SiteMark.site))
        }
        servers = (annotations?[Self.serversMark]?.string ?? "").split(separator: " ")
            .map(String.init)
        list = annotations?[Self.listMark]?.string.flatMap { Digest($0) }
        kit = try Self.kit(annotations?.members ?? [])
        page = PageSettings(annotations: annotations?.members ?? [])
        programs = SitePrograms(annotations: annotations?.members ?? [])
    }

    /// The key of the annotation for the layout; the plain layout has no annotation.
    private static let layoutMark = "regstatic.layout"

    private static let serversMark = "regstatic.servers"
    private static let listMark = "regstatic.files"

    private var marks: [JSON.Member] {
        let layout: [JSON.Member] =
            layout == .plain ? [] : [JSON.Member(Self.layoutMark, .string(layout.rawValue))]
        let list = list.map { [JSON.Member(Self.listMark, .string($0.description))] } ?? []
        let names = servers.joined(separator: " ")
        let servers = names.isEmpty ? [] : [JSON.Member(Self.serversMark, .string(names))]
        return [JSON.Member(SiteMark.site, .string("1"))] + layout + servers + kit.annotations
            + page.annotations + programs.annotations + list
    }

    private static func kit(_ annotations: [JSON.Member]) throws(SiteDamage) -> ClientSettings {
        do throws(ClientSettingsError) { return try ClientSettings(annotations: annotations) } catch
        {
            throw .kitSettings(error)
        }
    }

    /// The bytes of index.json.
    package var bytes: [UInt8] {
        var writer = JSONWriter(capacity: count * 400)
        writer.beginObject()
        writer.add("schemaVersion", .integer(2))
        writer.add("mediaType", .string(ManifestKind.ociIndex.mediaType.description))
        writer.beginArray("manifests")
        for repository in repositories {
            for entry in entries(of: repository) { writer.add(entry.json) }
        }
        writer.endArray()
        writer.add("annotations", .object(marks))
        writer.endObject()
        return writer.bytes
    }

    /// The maximum number of names in a site or an input; 100,000 names take about 150 to 250 MB of memory.
    package static let maximumNames = 100_000
    /// The maximum number of repositories; each takes about a dozen files.
    package static let maximumRepositories = 20_000

    /// Refuses an index that is too large to be rendered.
    package func checkSize() throws(NamingError) {
        guard count <= Self.maximumNames else {
            throw .tooManyImages(count, limit: Self.maximumNames)
        }
        let repositories = Set(tagged.keys).union(untagged.keys).count
        guard repositories <= Self.maximumRepositories else {
            throw .tooManyRepositories(repositories, limit: Self.maximumRepositories)
        }
    }

    /// Returns the bytes of index.json, or throws an error if the next run couldn't read so many
    /// bytes.
    ///
    /// Checking the size is enough: an entry has at most 15 values, so an index of this size can't
    /// exceed `JSONLimits.list.values`.
    package func checkedBytes() throws(NamingError) -> [UInt8] {
        let bytes = bytes
        guard bytes.count <= JSONLimits.list.bytes else {
            throw .tooManyImages(count, limit: Self.maximumNames)
        }
        return bytes
    }

    private mutating func read(_ json: JSON) throws(SiteDamage) {
        guard var descriptor = Descriptor(json),
            let name = descriptor.annotation(AnnotationKey.refName)
        else { throw .index(.unnamedEntry) }
        let isReplaced = descriptor.annotation(Entry.replacedMark) != nil
        if descriptor.annotation(SiteMark.made) != nil { made.insert(descriptor.digest) }
        descriptor.annotations = []
        if let at = name.firstIndex(of: "@"), let repository = RepositoryName(String(name[..<at])) {
            add(repository, descriptor, isReplaced: isReplaced)
        } else if let colon = name.lastIndex(of: ":"),
            let repository = RepositoryName(String(name[..<colon])),
            let tag = Tag(String(name[colon...].dropFirst()))
        {
            tagged[repository, default: [:]][tag] = descriptors.place(of: descriptor)
        } else {
            throw .index(.entryName(name))
        }
    }
}

extension SiteIndex.Entry {
    /// `name:tag` or `name@digest`, which clients append to the host.
    package var name: String {
        tag.map { "\(repository):\($0)" } ?? "\(repository)@\(manifest.digest)"
    }

    /// The name under which the same manifest is served by digest.
    package var withoutTag: ServedName { ServedName(repository, nil, manifest.digest) }

    fileprivate static let replacedMark = "regstatic.replaced"

    fileprivate var json: JSON {
        var annotations = [JSON.Member(AnnotationKey.refName, .string(name))]
        if isMade { annotations.append(JSON.Member(SiteMark.made, .string("1"))) }
        if isReplaced { annotations.append(JSON.Member(Self.replacedMark, .string("1"))) }
        return manifest.json(annotations: annotations)
    }
}
