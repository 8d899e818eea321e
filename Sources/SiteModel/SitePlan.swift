// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The plan of a site, a value that lists the content of every path.
///
/// The writer, the verifier, the server configurations and the tests read the same plan. It doesn't
/// depend on the disk.
package struct SitePlan: Sendable {
    /// A file with the bytes of a manifest, and with the manifest kind as extension.
    package struct ManifestFile: Sendable {
        package let digest: Digest
        package let kind: ManifestKind
        package let bytes: [UInt8]
    }

    /// The API's answer at a path.
    package struct Resource: Sendable {
        package enum Part: Sendable { case blob, manifest, tag, list }

        package let path: String
        package let part: Part
        package let mediaType: MediaType
        package let digest: Digest
        /// Size in bytes.
        package let size: Int
        /// Whether only servers without the referrers API need it.
        package var isFallback = false
    }

    package let layout: SiteLayout
    package private(set) var manifests: [ManifestFile] = []
    package private(set) var blobs: [Descriptor] = []
    /// Links to blobs, and to manifests by digest; all of them must exist before any tag.
    package private(set) var contentLinks: [LinkContent] = []
    package private(set) var tagLinks: [LinkContent] = []
    /// Copies of manifests that serve as tags in the portable layout.
    package private(set) var tagFiles: [FileContent] = []
    /// Paths that must not exist next to `tagFiles`: the same tags with the extensions of other
    /// kinds.
    package private(set) var staleTags: [String] = []
    /// The lists of the API: tags, catalog, referrers.
    package private(set) var lists: [FileContent] = []
    package private(set) var resources: [Resource] = []
    /// Referrers lists that are also served under fallback tags.
    private var fallbacks: [Digest: ManifestFile] = [:]
    /// The repositories under all their names, including Docker Hub aliases.
    package let repositories: [RepositoryView]
    package init(_ contents: SiteContents) {
        let (index, graph) = (contents.index, contents.graph)
        layout = index.layout
        var all: Set<Digest> = []
        repositories = RepositoryView.all(index, graph)
        for repository in repositories {
            all.formUnion(repository.manifests)
            add(repository, graph)
        }
        manifests = all.union(fallbacks.keys).sorted()
            .compactMap { digest in
                graph.nodes[digest]
                    .map { ManifestFile(digest: digest, kind: $0.kind, bytes: $0.bytes) }
                    ?? fallbacks[digest]
            }
        contentLinks = Self.ordered(contentLinks, graph)
        blobs = graph.blobs(of: all).sorted { $0.key < $1.key }.map(\.value)
        // A repository whose images are all replaced exists only for running pulls.
        let named = Set(index.entries.filter { !$0.isReplaced }.map(\.repository))
        let names = named.sorted().map { JSON.string($0.description) }
        addList("v2/_catalog", .object(["repositories": .array(names)]))
        // The answer to `GET /v2/` on a server without special rules.
        addList("v2/index.html", .object([]))
    }

    /// Sorts links so that each comes after those that a client needs with it: blobs, then manifests
    /// with children first.
    private static func ordered(_ links: [LinkContent], _ graph: SiteGraph) -> [LinkContent] {
        let heights = graph.heights
        let keyed = links.enumerated()
            .map { (index, link) -> (Int, Int, LinkContent) in
                let parts = link.path.split(separator: "/").suffix(2)
                guard parts.first == "manifests" else { return (-1, index, link) }
                let height = parts.last.flatMap { Digest($0) }.flatMap { heights[$0] }
                // An unknown manifest is a list of referrers that is served under a fallback tag.
                return (height ?? Int.max, index, link)
            }
        return keyed.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    /// All regular files that follow from index.json and the manifests alone.
    package var files: [FileContent] {
        manifests.map { FileContent(Self.path($0.digest, $0.kind), $0.bytes) } + tagFiles + lists
            + [Self.ociLayout, contentTypes]
    }

    package static let contentTypesPath = SitePath.contentTypes

    /// The file that makes the folder an OCI layout.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file>
    package static let ociLayout = FileContent(
        "oci-layout",
        JSON.object(["imageLayoutVersion": .string("1.0.0")]).canonicalBytes
    )

    /// Path → media type, digest, size, for servers that can't read the targets of links.
    package var contentTypes: FileContent {
        let members = resources.map { resource in
            JSON.Member(
                "/" + resource.path,
                .object([
                    "mediaType": .string(resource.mediaType.description),
                    "digest": .string(resource.digest.description),
                    "size": .integer(resource.size),
                ])
            )
        }
        return FileContent(Self.contentTypesPath, JSON.object(members).canonicalBytes)
    }

    // MARK: One repository

    private mutating func add(_ repository: RepositoryView, _ graph: SiteGraph) {
        let root = "v2/\(repository.name)"
        let up = String(repeating: "../", count: repository.name.components.count + 2)
        for digest in repository.manifests.sorted() {
            guard let node = graph.nodes[digest] else { continue }
            let path = "\(root)/manifests/\(digest)"
            addLink(path, target: up + Self.path(digest, node.kind))
            addResource(path, part: .manifest, node: node)
        }
        for (digest, blob) in graph.blobs(of: repository.manifests).sorted(by: { $0.key < $1.key })
        {
            let path = "\(root)/blobs/\(digest)"
            addLink(path, target: up + digest.blobPath)
            resources.append(
                Resource(
                    path: path,
                    part: .blob,
                    mediaType: .octetStream,
                    digest: digest,
                    size: blob.size
                )
            )
        }
        for (tag, digest) in repository.tags {
            guard let node = graph.nodes[digest] else { continue }
            let file = ManifestFile(digest: digest, kind: node.kind, bytes: node.bytes)
            addTag(repository.name, tag, file: file)
            addResource("\(root)/manifests/\(tag)", part: .tag, node: node)
        }
        addLists(repository, graph)
    }

    private mutating func addTag(_ name: RepositoryName, _ tag: Tag, file: ManifestFile) {
        guard layout == .plain else { return addTagFile(name, tag, file: file) }
        let up = String(repeating: "../", count: name.components.count + 2)
        let target = up + Self.path(file.digest, file.kind)
        tagLinks.append(LinkContent("v2/\(name)/manifests/\(tag)", target: target))
    }

    /// Adds a link to content by digest in the plain layout; in the portable layout, server rules
    /// find the content.
    private mutating func addLink(_ path: String, target: String) {
        guard layout == .plain else { return }
        contentLinks.append(LinkContent(path, target: target))
    }

    private mutating func addTagFile(_ name: RepositoryName, _ tag: Tag, file: ManifestFile) {
        tagFiles.append(FileContent(SiteLayout.tagPath(name, tag, kind: file.kind), file.bytes))
        staleTags += ManifestKind.allCases.filter { $0 != file.kind }
            .map { SiteLayout.tagPath(name, tag, kind: $0) }
    }

    private mutating func addLists(_ repository: RepositoryView, _ graph: SiteGraph) {
        let root = "v2/\(repository.name)"
        let tags = repository.tags.map { JSON.string($0.tag.description) }
        addList(
            "\(root)/tags/list",
            .object(["name": .string(repository.name.description), "tags": .array(tags)])
        )
        for (subject, referrers) in repository.referrers(graph).sorted(by: { $0.key < $1.key }) {
            let list = Manifest.index(referrers)
            addList(
                "\(root)/referrers/\(subject)",
                at: layout == .plain ? nil : SiteLayout.referrersPath(repository.name, subject),
                list.json,
                mediaType: ManifestKind.ociIndex.mediaType
            )
            addFallback(list, tag: Tag(referrersOf: subject), in: repository)
        }
    }

    /// Adds the tag that clients try after a server has answered 404 to a referrers request.
    ///
    /// Servers that can't return an empty list answer 404 for a subject without referrers, and
    /// clients then try only the tag. A fallback tag that came with an image is not replaced.
    /// `tags/list` doesn't contain the tag that is added here, because clients compute its name,
    /// and tools that copy every tag would take it for an image.
    private mutating func addFallback(
        _ list: RawDocument,
        tag: Tag,
        in repository: RepositoryView
    ) {
        guard !repository.tags.contains(where: { $0.tag == tag }) else { return }
        let file = ManifestFile(digest: list.digest, kind: .ociIndex, bytes: list.bytes)
        fallbacks[file.digest] = file
        addTag(repository.name, tag, file: file)
        let root = "v2/\(repository.name)/manifests"
        addResource("\(root)/\(tag)", fallback: file, part: .tag)
        guard !repository.manifests.contains(file.digest) else { return }
        let up = String(repeating: "../", count: repository.name.components.count + 2)
        addLink("\(root)/\(file.digest)", target: up + Self.path(file.digest, file.kind))
        addResource("\(root)/\(file.digest)", fallback: file, part: .manifest)
    }

    private mutating func addResource(
        _ path: String,
        fallback: ManifestFile,
        part: Resource.Part
    ) {
        resources.append(
            Resource(
                path: path,
                part: part,
                mediaType: fallback.kind.mediaType,
                digest: fallback.digest,
                size: fallback.bytes.count,
                isFallback: true
            )
        )
    }

    package static func path(_ digest: Digest, _ kind: ManifestKind) -> String {
        "\(manifestFolder)/\(digest.hex).\(kind.rawValue)"
    }

    private mutating func addResource(
        _ path: String,
        part: Resource.Part,
        node: SiteGraph.Node
    ) {
        resources.append(
            Resource(
                path: path,
                part: part,
                mediaType: node.kind.mediaType,
                digest: node.descriptor.digest,
                size: node.descriptor.size
            )
        )
    }

    /// Adds a list that is served at `path`, and is stored there unless the layout needs another
    /// `place`.
    private mutating func addList(
        _ path: String,
        at place: String? = nil,
        _ json: JSON,
        mediaType: MediaType = .json
    ) {
        let bytes = json.canonicalBytes
        lists.append(FileContent(place ?? path, bytes))
        resources.append(
            Resource(
                path: path,
                part: .list,
                mediaType: mediaType,
                digest: Digest(of: bytes),
                size: bytes.count
            )
        )
    }
}
