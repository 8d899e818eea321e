// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The archive of some images of a site, as a value that lists the members in order.
///
/// The archive is an OCI layout for containerd and podman, and it also contains the `manifest.json`
/// that `docker load` reads. Docker has saved archives of this form since version 25.
package struct ImageArchive: Sendable {
    package struct Member: Sendable {
        package enum Content: Sendable {
            case bytes([UInt8])
            /// A blob of the store, with its size in bytes.
            case blob(Digest, size: Int)
        }

        package let path: String
        package let content: Content
    }

    /// The choice of one platform of an index, because engines without a containerd store load only
    /// one.
    package struct Choice: Sendable {
        package let name: String
        package let platform: Platform
        package let others: [Platform]
    }

    package private(set) var members: [Member] = []
    package private(set) var choices: [Choice] = []
    /// Names whose image lacks layers of some platform, so that `manifest.json` can't list this
    /// platform.
    package private(set) var incomplete: [String] = []
    private var roots: [Descriptor] = []
    private var loadable: [JSON] = []
    private var blobs: [Digest: Int] = [:]

    /// Makes an archive of these entries, limited to `platform` if it isn't nil.
    package init(
        _ entries: [SiteIndex.Entry],
        platform: Platform?,
        _ graph: SiteGraph
    ) throws(LookupError) {
        for entry in entries { try add(entry, platform: platform, graph: graph) }
        // Mark the archive as complete, because engines may skip content when they save an image,
        // but an export contains all of it.
        let mark = JSON.Member(SiteMark.export, .string("1"))
        let index = Manifest.index(roots, annotations: [mark])
        members = [
            Member(path: SitePlan.ociLayout.path, content: .bytes(SitePlan.ociLayout.bytes)),
            Member(path: SiteIndex.path, content: .bytes(index.bytes)),
        ]
        if !loadable.isEmpty {
            let list = JSON.array(loadable).canonicalBytes
            members.append(Member(path: "manifest.json", content: .bytes(list)))
        }
        members += blobs.sorted { $0.key < $1.key }
            .map { Member(path: $0.key.blobPath, content: .blob($0.key, size: $0.value)) }
    }

    private mutating func add(
        _ entry: SiteIndex.Entry,
        platform: Platform?,
        graph: SiteGraph
    ) throws(LookupError) {
        var images = Image.all(entry, graph)
        var root = entry.manifest
        if let platform {
            let present = images.map(\.platform)
            images = images.filter { $0.platform.matches(platform) }
            guard let image = images.first else {
                throw .noSuchPlatform(entry.name, platform, present: present)
            }
            root = image.node.descriptor
        }
        root.platform = nil
        root.annotations = entry.archiveAnnotations
        if entry.isMade, root.digest == entry.manifest.digest {
            root.annotations.append(JSON.Member(SiteMark.made, .string("1")))
        }
        roots.append(root)
        for digest in graph.manifests(below: root.digest) {
            guard let node = graph.nodes[digest] else { continue }
            blobs[digest] = node.bytes.count
            for blob in node.blobs { blobs[blob.digest] = blob.size }
        }
        addLoadable(entry, images)
    }

    /// Adds the single image that `docker load` loads for a name.
    private mutating func addLoadable(_ entry: SiteIndex.Entry, _ images: [Image]) {
        if !images.allSatisfy(\.isWhole) { incomplete.append(entry.name) }
        let images = images.filter(\.isWhole)
        let usual = images.first { $0.platform.matches(.usual) } ?? images.first
        guard let image = usual, case .image(let config, let layers) = image.node.manifest.content
        else { return }
        loadable.append(
            .object([
                "Config": .string(config.digest.blobPath),
                "RepoTags": entry.fullName.map { .array([.string($0)]) } ?? .null,
                "Layers": .array(layers.map { .string($0.digest.blobPath) }),
            ])
        )
        let others = images.map(\.platform).filter { $0 != image.platform }
        guard !others.isEmpty else { return }
        choices.append(Choice(name: entry.name, platform: image.platform, others: others))
    }

    /// A runnable image: an entry itself, or a child of an entry's index.
    private struct Image {
        let node: SiteGraph.Node
        let platform: Platform

        /// Whether the site has all layers of the image; it may lack Windows layers that only
        /// Microsoft may distribute.
        ///
        /// `docker load` expects the archive to contain every layer that `manifest.json` lists.
        var isWhole: Bool { node.blobs.count == node.manifest.blobs.count }

        package static func all(_ entry: SiteIndex.Entry, _ graph: SiteGraph) -> [Image] {
            let children = graph.nodes[entry.manifest.digest]?.manifest.manifests ?? []
            return ([entry.manifest] + children)
                .compactMap { descriptor in
                    guard let node = graph.nodes[descriptor.digest], !node.kind.isIndex,
                        let platform = descriptor.platform, !platform.isUnknown
                    else { return nil }
                    return Image(node: node, platform: platform)
                }
        }
    }
}

extension SiteIndex.Entry {
    /// The full name, including the registry host that engines add to a short name; nil without a
    /// tag.
    ///
    /// podman would store a name without a host as `localhost/…`, but Kubernetes requests it as
    /// `docker.io/…`.
    fileprivate var fullName: String? {
        tag == nil ? nil : Reference(name)?.description
    }

    /// The annotations in which containerd and podman look for an image's name in a layout.
    fileprivate var archiveAnnotations: [JSON.Member] {
        guard let tag, let fullName else { return [] }
        return [
            JSON.Member(AnnotationKey.containerdName, .string(fullName)),
            JSON.Member(AnnotationKey.refName, .string(tag.description)),
        ]
    }
}

extension Platform {
    /// The platform of most machines, preferred if only one platform can be listed.
    fileprivate static let usual = Platform(
        os: "linux",
        architecture: "amd64",
        variant: nil,
        osVersion: nil
    )
}
