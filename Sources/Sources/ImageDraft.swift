// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// An image as the documents of an input describe it, before its blobs have been looked at.
enum ImageDraft {
    /// The input's own manifests are served, byte for byte.
    case original(ManifestGraph, [ImageName])
    /// A manifest is made from the config: the input has none, or one that no registry ever had.
    case rebuilt(DockerParts, [ImageName])

    var names: [ImageName] {
        switch self {
        case .original(_, let names), .rebuilt(_, let names): names
        }
    }

    /// Refuses an index that names what the input lacks.
    func checkIsWhole() throws(SourceFault) {
        guard case .original(let graph, _) = self, !graph.missing.isEmpty else { return }
        throw .sparse(graph.root.digest, missing: graph.missing.map(\.digest))
    }

    /// How a report names it.
    var label: String {
        if let name = names.first { return ImageDrafts.label(name) }
        switch self {
        case .original(let graph, _): return graph.root.digest.description
        case .rebuilt(let parts, _): return parts.config.digest.description
        }
    }

    /// The platforms of it that nobody wants.
    func unwanted(_ selection: Selection) -> [Platform] {
        let all: [Platform] =
            switch self {
            case .original(let graph, _):
                (graph.left.map(\.platform) + graph.images.map(\.platform)).compactMap(\.self)
            case .rebuilt(let parts, _): [parts.platform].compactMap(\.self)
            }
        return Set(all.filter { !selection.takes($0) }).sorted()
    }

    /// Whether nothing of it is wanted.
    func isUnwanted(_ selection: Selection) -> Bool {
        switch self {
        case .original(let graph, _): graph.isUnwanted
        case .rebuilt(let parts, _): !selection.takes(parts.platform)
        }
    }

    var needs: [BlobNeed] {
        switch self {
        case .original(let graph, _): graph.images.flatMap(\.blobs)
        case .rebuilt(let parts, _): parts.layers
        }
    }
}

/// An entry of `manifest.json` with its config and layers found.
struct DockerParts {
    let config: RawDocument
    let platform: Platform?
    let layers: [BlobNeed]

    init(_ image: DockerArchive.Image, in source: some MemberSource) throws(SourceFault) {
        let file = try source.file(image.config, neededBy: DockerArchive.path)
        config = try source.document(file)
        if let named = Self.digest(namedBy: image.config), named != config.digest {
            throw .digest(member: image.config, expected: named, found: config.digest)
        }
        guard let parsed = ImageConfig(config.json) else {
            throw .configWithoutLayers(document: image.config)
        }
        guard parsed.diffIDs.count == image.layers.count else {
            throw .layerCount(
                document: image.config,
                layers: image.layers.count,
                diffIDs: parsed.diffIDs.count
            )
        }
        guard image.layers.count <= ManifestGraph.maximumLayers else {
            let limit = ManifestGraph.maximumLayers
            throw .archive(.limit(what: "layers in an image", limit: limit), member: nil)
        }
        platform = parsed.platform
        var layers: [BlobNeed] = []
        for (path, diffID) in zip(image.layers, parsed.diffIDs) {
            let file = try source.file(path, neededBy: DockerArchive.path)
            layers.append(BlobNeed(file: file, form: .layer(diffID: diffID)))
        }
        self.layers = layers
    }

    /// The digest in a config's name, in each of the ways that producers name it; nil for jib.
    private static func digest(namedBy path: String) -> Digest? {
        let name = path.split(separator: "/").last ?? ""
        let stem = name.hasSuffix(".json") ? name.dropLast(5) : name
        return Digest(stem) ?? Digest(hex: stem)
    }
}
