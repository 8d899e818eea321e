// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The plan of a site, which is a value that lists the content of every path.
///
/// The writer, the verifier, the server configurations and the tests read the same plan. The plan
/// doesn't depend on the files on disk.
package struct SitePlan: Sendable {
    /// A file with the bytes of a manifest, and with the manifest kind as extension.
    package struct ManifestFile: Sendable {
        package let digest: Digest
        package let kind: ManifestKind
        package let bytes: [UInt8]
    }

    /// The content that the API serves at a path.
    package struct Resource: Sendable {
        package enum Part: Sendable { case blob, manifest, tag, list }

        /// The content of a manifest, blob or list, shared by all its paths, because an image can
        /// have thousands of tags.
        fileprivate final class Content: Sendable {
            let mediaType: MediaType
            let digest: Digest
            let size: Int
            /// The target of a link to the content in the folder of a repository's manifests.
            let target: String

            init(mediaType: MediaType, digest: Digest, size: Int, target: String = "") {
                (self.mediaType, self.digest) = (mediaType, digest)
                (self.size, self.target) = (size, target)
            }
        }

        package let path: String
        package let part: Part
        fileprivate let content: Content
        /// Whether only servers without the referrers API need this resource.
        package var isFallback = false

        package var mediaType: MediaType { content.mediaType }
        package var digest: Digest { content.digest }
        /// Size in bytes.
        package var size: Int { content.size }
    }

    package let layout: SiteLayout
    package private(set) var manifests: [ManifestFile] = []
    package private(set) var blobs: [Descriptor] = []
    /// Links to blobs, and to manifests by digest; all of them must exist before any tag.
    ///
    /// The links to blobs come first, and then the links to manifests, children before parents,
    /// because a client needs all content below a manifest.
    package private(set) var contentLinks: [LinkContent] = []
    private var manifestLinks: [(height: Int, link: LinkContent)] = []
    package private(set) var tagLinks: [LinkContent] = []
    /// Copies of manifests that serve as tags in the portable layout.
    package private(set) var tagFiles: [FileContent] = []
    /// Paths that must not exist next to `tagFiles`, because they are the same tags with the
    /// extensions of other kinds.
    package private(set) var staleTags: [String] = []
    /// The lists of the API: tags, catalog, referrers.
    package private(set) var lists: [FileContent] = []
    package private(set) var resources: [Resource] = []
    /// Referrers lists that are also served under fallback tags.
    private var fallbacks: [Digest: ManifestFile] = [:]
    /// The repositories under all names, including Docker Hub aliases.
    package let repositories: [RepositoryView]
    package init(_ contents: SiteContents) {
        let (index, graph) = (contents.index, contents.graph)
        layout = index.layout
        var all: Set<Digest> = []
        repositories = RepositoryView.all(index, graph)
        let heights = graph.heights
        for repository in repositories {
            all.formUnion(repository.manifests)
            add(repository, graph, heights: heights)
        }
        manifests = all.union(fallbacks.keys).sorted()
            .compactMap { digest in
                graph.nodes[digest]
                    .map { ManifestFile(digest: digest, kind: $0.kind, bytes: $0.bytes) }
                    ?? fallbacks[digest]
            }
        let children = manifestLinks.enumerated()
            .sorted { ($0.element.height, $0.offset) < ($1.element.height, $1.offset) }
        contentLinks += children.map(\.element.link)
        manifestLinks = []
        blobs = graph.blobs(of: all).sorted { $0.key < $1.key }.map(\.value)
        // Don't list a repository whose images are all replaced, because it exists only for running
        // pulls.
        let named = Set(index.entries.filter { !$0.isReplaced }.map(\.repository))
        let names = named.sorted().map { JSON.string($0.description) }
        addList("v2/_catalog", .object(["repositories": .array(names)]))
        // Servers without special rules answer `GET /v2/` with this file.
        addList("v2/index.html", .object([]))
    }

    /// Returns path and digest of each regular file that only index.json and the manifests
    /// determine.
    ///
    /// The caller passes content-types.json, because the plan doesn't keep this file.
    package func digests(_ contentTypes: FileContent) -> [String: Digest] {
        var digests = (tagFiles + lists + [Self.ociLayout, contentTypes]).digests
        for manifest in manifests {
            digests[Self.path(manifest.digest, manifest.kind)] = manifest.digest
        }
        return digests
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
    ///
    /// The file is rendered on each access, because it is the largest file and rarely needed.
    package var contentTypes: FileContent {
        let size = resources.reduce(2) { size, resource in
            size + resource.path.utf8.count + resource.mediaType.description.utf8.count + 140
        }
        var writer = JSONWriter(capacity: size)
        writer.beginObject()
        for resource in resources {
            writer.beginObject("/" + resource.path)
            writer.add("mediaType", .string(resource.mediaType.description))
            writer.add("digest", .string(resource.digest.description))
            writer.add("size", .integer(resource.size))
            writer.endObject()
        }
        writer.endObject()
        return FileContent(Self.contentTypesPath, writer.bytes)
    }

    // MARK: One repository

    private mutating func add(
        _ repository: RepositoryView,
        _ graph: SiteGraph,
        heights: [Digest: Int]
    ) {
        let root = "v2/\(repository.name)"
        let up = String(repeating: "../", count: repository.name.components.count + 2)
        var contents: [Digest: Resource.Content] = [:]
        for digest in repository.manifests.sorted() {
            guard let node = graph.nodes[digest] else { continue }
            let path = "\(root)/manifests/\(digest)"
            let target = up + Self.path(digest, node.kind)
            addManifestLink(path, target: target, height: heights[digest] ?? Int.max)
            let content = Resource.Content(
                mediaType: node.kind.mediaType,
                digest: digest,
                size: node.descriptor.size,
                target: target
            )
            contents[digest] = content
            addResource(path, part: .manifest, content)
        }
        for (digest, blob) in graph.blobs(of: repository.manifests).sorted(by: { $0.key < $1.key })
        {
            let path = "\(root)/blobs/\(digest)"
            if layout == .plain {
                contentLinks.append(LinkContent(path, target: up + digest.blobPath))
            }
            let content = Resource.Content(
                mediaType: .octetStream,
                digest: digest,
                size: blob.size
            )
            addResource(path, part: .blob, content)
        }
        for (tag, digest) in repository.tags {
            guard let node = graph.nodes[digest], let content = contents[digest] else { continue }
            let path = "\(root)/manifests/\(tag)"
            if layout == .plain {
                tagLinks.append(LinkContent(path, target: content.target))
            } else {
                addTagFile(repository.name, tag, kind: node.kind, bytes: node.bytes)
            }
            addResource(path, part: .tag, content)
        }
        addLists(repository, graph)
    }

    /// Adds a link to a manifest by digest, only in the plain layout, because server rules find the
    /// content in the portable layout.
    private mutating func addManifestLink(_ path: String, target: String, height: Int) {
        guard layout == .plain else { return }
        manifestLinks.append((height, LinkContent(path, target: target)))
    }

    private mutating func addTagFile(
        _ name: RepositoryName,
        _ tag: Tag,
        kind: ManifestKind,
        bytes: [UInt8]
    ) {
        tagFiles.append(FileContent(SiteLayout.tagPath(name, tag, kind: kind), bytes))
        staleTags += ManifestKind.allCases.filter { $0 != kind }
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
    /// Servers that can't return an empty list answer 404 for a subject without referrers, so that
    /// clients then look only for the tag. A fallback tag of an input is not replaced. `tags/list`
    /// doesn't contain the tag that this function adds, because clients compute its name, and tools
    /// that copy every tag would take it for an image.
    private mutating func addFallback(
        _ list: RawDocument,
        tag: Tag,
        in repository: RepositoryView
    ) {
        guard !repository.tags.contains(where: { $0.tag == tag }) else { return }
        let file = ManifestFile(digest: list.digest, kind: .ociIndex, bytes: list.bytes)
        fallbacks[file.digest] = file
        let root = "v2/\(repository.name)/manifests"
        let up = String(repeating: "../", count: repository.name.components.count + 2)
        let target = up + Self.path(file.digest, file.kind)
        if layout == .plain {
            tagLinks.append(LinkContent("\(root)/\(tag)", target: target))
        } else {
            addTagFile(repository.name, tag, kind: file.kind, bytes: file.bytes)
        }
        let content = Resource.Content(
            mediaType: file.kind.mediaType,
            digest: file.digest,
            size: file.bytes.count
        )
        addResource("\(root)/\(tag)", part: .tag, content, isFallback: true)
        guard !repository.manifests.contains(file.digest) else { return }
        // Add the link to the list last, because no manifest refers to the list.
        addManifestLink("\(root)/\(file.digest)", target: target, height: Int.max)
        addResource("\(root)/\(file.digest)", part: .manifest, content, isFallback: true)
    }

    package static func path(_ digest: Digest, _ kind: ManifestKind) -> String {
        "\(manifestFolder)/\(digest.hex).\(kind.rawValue)"
    }

    private mutating func addResource(
        _ path: String,
        part: Resource.Part,
        _ content: Resource.Content,
        isFallback: Bool = false
    ) {
        resources.append(
            Resource(path: path, part: part, content: content, isFallback: isFallback)
        )
    }

    /// Adds a list that is served at `path`; the file is stored at `path`, or at `place` if the
    /// layout needs another path.
    private mutating func addList(
        _ path: String,
        at place: String? = nil,
        _ json: JSON,
        mediaType: MediaType = .json
    ) {
        let bytes = json.canonicalBytes
        lists.append(FileContent(place ?? path, bytes))
        let content = Resource.Content(
            mediaType: mediaType,
            digest: Digest(of: bytes),
            size: bytes.count
        )
        addResource(path, part: .list, content)
    }
}
