// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel

// Functions that read the config of an image and compare it with the layers.
extension ManifestGraph {
    /// The maximum number of layers, which is more than needed, because engines allow only 127
    /// layers.
    private static let maximumLayers = 1024

    static func checkLayerCount(_ count: Int) throws(SourceFault) {
        guard count > maximumLayers else { return }
        throw .archive(.limit(what: "layers in an image", limit: maximumLayers), member: nil)
    }

    /// The parsed config of an image; nil for artifacts, whose layers don't make a root file
    /// system, or whose config is an empty object of the image type.
    func imageConfig(
        _ config: Descriptor,
        layers: [Descriptor],
        in source: some MemberSource
    ) throws(SourceFault) -> ImageConfig? {
        try Self.checkLayerCount(layers.count)
        let hasRoot = layers.contains(where: \.mediaType.isImageLayer)
        // An artifact's config may be an empty file, which isn't JSON.
        guard config.mediaType.isImageConfig, config.size > 0 else { return nil }
        let path = config.digest.blobPath
        let file = try source.file(path, neededBy: "\(root.digest)")
        guard hasRoot || layers.isEmpty else {
            return (try? source.document(file)).flatMap { ImageConfig($0.json) }
        }
        let document = try source.document(file)
        try Self.check(document, against: config, path: path)
        if let field = ClientSchema.config.mismatch(in: document.json), hasRoot {
            throw .manifest(.field(field), document: path)
        }
        return ImageConfig(document.json)
    }

    static func disagreement(
        _ config: ImageConfig,
        layers: [Descriptor],
        manifest: Descriptor
    ) -> SourceFault? {
        // Compare the counts only if all layers have known types, because only such layers
        // certainly have one diffID each.
        guard config.diffIDs.count != layers.count, layers.allSatisfy(\.mediaType.isImageLayer)
        else { return nil }
        return .layerCount(
            document: manifest.digest.blobPath,
            layers: layers.count,
            diffIDs: config.diffIDs.count
        )
    }
}

extension MediaType {
    /// Whether this is a media type of layers that clients unpack into a root file system;
    /// encrypted layers don't count.
    var isImageLayer: Bool {
        (description.contains(".image.layer.") || description.contains(".image.rootfs."))
            && !description.hasSuffix("+encrypted")
    }
}
