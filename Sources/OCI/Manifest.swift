// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The reason why a document is not the manifest that its descriptor describes.
package enum ManifestError: Error, Hashable, Sendable {
    /// The document's type isn't one of the four manifest types, or it isn't the claimed type.
    case kind(claimed: String, found: String)
    /// The document lacks the fields of the claimed type.
    case fields(claimed: String, found: Fields)
    /// A required part is missing or invalid.
    case field(String)
    /// A descriptor has a digest of another algorithm than SHA-256.
    case algorithm(field: String, digest: String)
    /// The document is of a known kind that clients can't pull.
    case foreign(ForeignManifest)

    /// The kind of a document, judged by its fields.
    package enum Fields: Hashable, Sendable {
        case image, index, both, neither
    }
}

/// The decoded view of a document under `/manifests/`: a manifest or an index, OCI or Docker.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md>,
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md>,
/// <https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-2.md>
package struct Manifest: Sendable {
    package enum Content: Sendable {
        case image(config: Descriptor, layers: [Descriptor])
        case index([Descriptor])
    }

    package let kind: ManifestKind
    package let content: Content
    /// The manifest that this manifest refers to, for example the image of a signature or an SBOM.
    package let subject: Digest?
    package let artifactType: String?
    package let annotations: [JSON.Member]

    /// Decodes a document; `claimed` is the type in its descriptor.
    ///
    /// Clients refuse a manifest if the type in its body differs from the type in the header. So it
    /// is an error if the type in the body differs from the claimed type.
    package init(_ document: RawDocument, claimed: MediaType) throws(ManifestError) {
        let json = document.json
        if let foreign = ForeignManifest(json, claimed: claimed) { throw .foreign(foreign) }
        kind = try Self.kind(of: json, claimed: claimed)
        if let field = ClientSchema.manifest.mismatch(in: json) { throw .field(field) }
        content = kind.isIndex ? try Self.index(json) : try Self.image(json)
        subject = try Self.subject(json)
        artifactType = json["artifactType"]?.string
        annotations = json["annotations"]?.members ?? []
    }

    /// The manifests of an index; empty for an image.
    package var manifests: [Descriptor] {
        guard case .index(let manifests) = content else { return [] }
        return manifests
    }

    /// The config and layers of an image, in order and without duplicates; empty for an index.
    package var blobs: [Descriptor] {
        guard case .image(let config, let layers) = content else { return [] }
        var seen: Set<Digest> = []
        return ([config] + layers).filter { seen.insert($0.digest).inserted }
    }

    private static func kind(of json: JSON, claimed: MediaType) throws(ManifestError)
        -> ManifestKind
    {
        let named = json["mediaType"]?.string
        guard let kind = ManifestKind(claimed), named == nil || named == claimed.description else {
            throw .kind(claimed: claimed.description, found: named ?? "no mediaType")
        }
        let looksLikeIndex = json["manifests"] != nil
        let looksLikeImage = json["layers"] != nil || json["config"] != nil
        guard looksLikeIndex != looksLikeImage, looksLikeIndex == kind.isIndex else {
            let found: ManifestError.Fields =
                switch (looksLikeIndex, looksLikeImage) {
                case (true, true): .both
                case (true, false): .index
                case (false, true): .image
                case (false, false): .neither
                }
            throw .fields(claimed: claimed.description, found: found)
        }
        guard named != nil || kind == .ociManifest || kind == .ociIndex else {
            throw .kind(claimed: claimed.description, found: "no mediaType")
        }
        return kind
    }

    private static func subject(_ json: JSON) throws(ManifestError) -> Digest? {
        guard let value = json["subject"], !value.isNull else { return nil }
        return try descriptor(value, at: "subject").digest
    }

    private static func image(_ json: JSON) throws(ManifestError) -> Content {
        .image(
            config: try descriptor(json["config"], at: "config"),
            layers: try descriptors(json, "layers")
        )
    }

    private static func index(_ json: JSON) throws(ManifestError) -> Content {
        .index(try descriptors(json, "manifests"))
    }

    /// Reads a list; `null` is an empty list, as in Go's `encoding/json` and in a config's `diff_ids`.
    private static func descriptors(_ json: JSON, _ key: String) throws(ManifestError)
        -> [Descriptor]
    {
        // Read a missing list and `null` as an empty list, because Go's decoders do the same.
        guard let list = json[key], !list.isNull else { return [] }
        guard let values = list.array else { throw .field(key) }
        var descriptors: [Descriptor] = []
        for (position, value) in values.enumerated() {
            descriptors.append(try descriptor(value, at: "\(key)[\(position)]"))
        }
        return descriptors
    }

    private static func descriptor(_ json: JSON?, at field: String) throws(ManifestError)
        -> Descriptor
    {
        if let descriptor = json.flatMap(Descriptor.init) { return descriptor }
        if let digest = json.flatMap(Descriptor.otherDigest) {
            throw .algorithm(field: field, digest: digest)
        }
        throw .field(field)
    }
}

extension Manifest {
    /// Writes an image manifest: OCI, or Docker schema 2.
    package static func image(
        _ kind: ManifestKind,
        config: Descriptor,
        layers: [Descriptor]
    ) -> RawDocument {
        RawDocument(
            writing: .object([
                "schemaVersion": .integer(2), "mediaType": .string(kind.mediaType.description),
                "config": config.json, "layers": .array(layers.map(\.json)),
            ])
        )
    }

    /// Writes an OCI index.
    package static func index(
        _ manifests: [Descriptor],
        annotations: [JSON.Member] = []
    ) -> RawDocument {
        RawDocument(
            writing: .object([
                "schemaVersion": .integer(2),
                "mediaType": .string(ManifestKind.ociIndex.mediaType.description),
                "manifests": .array(manifests.map(\.json)),
                "annotations": annotations.isEmpty ? nil : .object(annotations),
            ])
        )
    }
}
