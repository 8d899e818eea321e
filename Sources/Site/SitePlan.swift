// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import ClientKit
package import OCI
internal import Inputs
internal import Store

/// The whole tree of a site as a value: what stands at which path.
///
/// Writer, verifier, server configurations and tests read the same plan; nothing in it depends on
/// the disk.
package struct SitePlan: Sendable {
    /// A file with the bytes of a manifest, its kind in the extension.
    package struct ManifestFile: Sendable {
        package let digest: Digest
        package let kind: ManifestKind
        package let bytes: [UInt8]
    }

    /// What the API answers at a path.
    package struct Resource: Sendable {
        package enum Part: Sendable { case blob, manifest, tag, list }

        package let path: String
        package let part: Part
        package let mediaType: MediaType
        package let digest: Digest
        /// Bytes.
        package let size: Int
        /// Whether it is there for servers without the referrers API only.
        package var isFallback = false
    }

    package let layout: SiteLayout
    package private(set) var manifests: [ManifestFile] = []
    package private(set) var blobs: [Descriptor] = []
    /// Manifests by digest, and blobs: to be there before any tag.
    package private(set) var contentLinks: [LinkContent] = []
    package private(set) var tagLinks: [LinkContent] = []
    /// The copies of manifests that are tags in the portable layout.
    package private(set) var tagFiles: [FileContent] = []
    /// What must not stand beside those: the same tags as manifests of other kinds.
    package private(set) var staleTags: [String] = []
    /// The lists of the API: tags, catalogue, referrers.
    package private(set) var lists: [FileContent] = []
    package private(set) var resources: [Resource] = []
    /// Lists of referrers that have a tag, too.
    private var fallbacks: [Digest: ManifestFile] = [:]
    /// The repositories under all their names.
    package let repositories: [RepositoryView]
    /// How clients are told where the site is; nil if the site doesn't know.
    package let kit: ClientKit?

    package init(_ index: SiteIndex, _ graph: SiteGraph) {
        layout = index.layout
        kit = index.clientKit
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
        blobs = graph.blobs(of: all).sorted { $0.key < $1.key }.map(\.value)
        let names = index.repositories.map { JSON.string($0.description) }
        addList("v2/_catalog", .object(["repositories": .array(names)]))
        // What a server without rules of its own finds for `GET /v2/`.
        addList("v2/index.html", .object([]))
    }

    package static let contentTypesPath = SitePath.contentTypes

    /// Path → media type, digest, size: what a server needs that can't follow the links' targets.
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
            addResource(path, .manifest, node)
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
            addTag(repository.name, tag, file)
            addResource("\(root)/manifests/\(tag)", .tag, node)
        }
        addLists(repository, graph)
    }

    private mutating func addTag(_ name: RepositoryName, _ tag: Tag, _ file: ManifestFile) {
        guard layout == .plain else { return addTagFile(name, tag, file) }
        let up = String(repeating: "../", count: name.components.count + 2)
        let target = up + Self.path(file.digest, file.kind)
        tagLinks.append(LinkContent("v2/\(name)/manifests/\(tag)", target: target))
    }

    /// What is named by its digest has a link in the plain layout; a portable one is found by rules.
    private mutating func addLink(_ path: String, target: String) {
        guard layout == .plain else { return }
        contentLinks.append(LinkContent(path, target: target))
    }

    private mutating func addTagFile(_ name: RepositoryName, _ tag: Tag, _ file: ManifestFile) {
        tagFiles.append(FileContent(SiteLayout.tagPath(name, tag, file.kind), file.bytes))
        staleTags += ManifestKind.allCases.filter { $0 != file.kind }
            .map { SiteLayout.tagPath(name, tag, $0) }
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
            addFallback(list, Tag(referrersOf: subject), repository)
        }
    }

    /// The tag where clients look for referrers once a server has answered 404.
    ///
    /// That happens on servers that have no empty list for other manifests, and clients remember it.
    /// A tag that an image brought stays what it is. `tags/list` lacks this one: it belongs to the API,
    /// is computed and never looked for, and tools that copy each tag take it for an image.
    private mutating func addFallback(
        _ list: RawDocument,
        _ tag: Tag,
        _ repository: RepositoryView
    ) {
        guard !repository.tags.contains(where: { $0.tag == tag }) else { return }
        let file = ManifestFile(digest: list.digest, kind: .ociIndex, bytes: list.bytes)
        fallbacks[file.digest] = file
        addTag(repository.name, tag, file)
        let root = "v2/\(repository.name)/manifests"
        addResource("\(root)/\(tag)", file, .tag)
        guard !repository.manifests.contains(file.digest) else { return }
        let up = String(repeating: "../", count: repository.name.components.count + 2)
        addLink("\(root)/\(file.digest)", target: up + Self.path(file.digest, file.kind))
        addResource("\(root)/\(file.digest)", file, .manifest)
    }

    private mutating func addResource(
        _ path: String,
        _ fallback: ManifestFile,
        _ part: Resource.Part
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
        _ part: Resource.Part,
        _ node: SiteGraph.Node
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

    /// A list that is served at a path, and lies there unless the layout has another place for it.
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
