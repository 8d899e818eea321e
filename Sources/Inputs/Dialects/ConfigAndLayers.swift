// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// A config and its layers, found in an archive, with a checked number of layers.
struct ConfigAndLayers {
    let config: RawDocument
    let platform: Platform?
    let layers: [BlobNeed]

    /// Finds the members at the paths that a document of the archive lists; the lowest layer comes
    /// first.
    init(
        config path: String,
        layers: [String],
        listedBy document: String,
        in source: some MemberSource
    ) throws(SourceFault) {
        config = try source.document(try source.file(path, neededBy: document))
        if let named = Self.digest(namedBy: path), named != config.digest {
            throw .digest(member: path, expected: named, found: config.digest)
        }
        guard let parsed = ImageConfig(config.json) else {
            throw .configWithoutLayers(document: path)
        }
        guard parsed.diffIDs.count == layers.count else {
            throw .layerCount(
                document: path,
                layers: layers.count,
                diffIDs: parsed.diffIDs.count
            )
        }
        try ManifestGraph.checkLayerCount(layers.count)
        platform = parsed.platform
        var needs: [BlobNeed] = []
        for (path, diffID) in zip(layers, parsed.diffIDs) {
            let file = try source.layer(path, diffID: diffID, neededBy: document)
            needs.append(BlobNeed(file: file, form: .layer(diffID: diffID)))
        }
        self.layers = needs
    }

    /// The digest in a config's file name, in any of the producers' formats; nil for jib.
    private static func digest(namedBy path: String) -> Digest? {
        let name = path.split(separator: "/").last ?? ""
        let stem = name.hasSuffix(".json") ? name.dropLast(5) : name
        return Digest(stem) ?? Digest(hex: stem)
    }
}
