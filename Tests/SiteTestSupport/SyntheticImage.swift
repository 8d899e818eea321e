// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import TestSupport

/// An image made by a test: layers of a few files, and the config that names them.
package struct SyntheticImage: Sendable {
    /// The tars, uncompressed.
    package var layers: [[UInt8]]
    package var config: [UInt8]

    /// Makes an image with the given layers; two with equal layers differ by their comment.
    package init(
        layers: [[UInt8]],
        architecture: String = "amd64",
        comment: String = ""
    ) {
        self.layers = layers
        let diffIDs = layers.map { JSON.string(Digest(of: $0).description) }
        let json = JSON.object([
            "architecture": .string(architecture), "os": .string("linux"),
            "comment": comment.isEmpty ? nil : .string(comment),
            "rootfs": .object(["type": .string("layers"), "diff_ids": .array(diffIDs)]),
        ])
        config = json.canonicalBytes
    }

    /// Two small layers.
    package static let small = SyntheticImage(layers: [layer("a", "one"), layer("b", "two")])

    /// A layer of one file.
    package static func layer(_ name: String, _ text: String) -> [UInt8] {
        TarBuilder.tar([.file(name, text)])
    }

    package var configDigest: Digest { Digest(of: config) }
    package var diffIDs: [Digest] { layers.map { Digest(of: $0) } }
}

// The archives that producers make of it.
extension SyntheticImage {
    /// An entry of `manifest.json`.
    package static func entry(
        config: String,
        tags: [String]?,
        layers: [String]
    ) -> JSON {
        .object([
            "Config": .string(config),
            "RepoTags": tags.map { .array($0.map(JSON.string)) } ?? .null,
            "Layers": .array(layers.map(JSON.string)),
        ])
    }

    package static func list(_ entries: [JSON]) -> TarMember {
        .file("manifest.json", JSON.array(entries).canonicalBytes)
    }

    /// A docker-archive as podman writes it: `<hex>.json`, `<hex>.tar`, the list last.
    package func dockerArchive(_ tags: [String]? = ["app:1"]) -> [TarMember] {
        let names = diffIDs.map { "\($0.hex).tar" }
        var seen: Set<String> = []
        var members: [TarMember] = []
        for (name, layer) in zip(names, layers) where seen.insert(name).inserted {
            members.append(.file(name, layer))
        }
        members.append(.file("\(configDigest.hex).json", config))
        let entry = Self.entry(config: "\(configDigest.hex).json", tags: tags, layers: names)
        return members + [Self.list([entry])]
    }

    /// The OCI manifest over layers as they are, or packed.
    package func ociManifest(packing: ([UInt8]) -> [UInt8] = { $0 }, suffix: String = "")
        -> [UInt8]
    {
        let type = MediaType("application/vnd.oci.image.layer.v1.tar\(suffix)") ?? .octetStream
        let descriptors = layers.map { layer in
            let blob = packing(layer)
            return Descriptor(mediaType: type, digest: Digest(of: blob), size: blob.count)
        }
        return
            Manifest.image(
                .ociManifest,
                config: Descriptor(
                    mediaType: .ociConfig,
                    digest: configDigest,
                    size: config.count
                ),
                layers: descriptors
            )
            .bytes
    }

    /// The members of a layout for this image, without `index.json`.
    package func layoutBlobs(packing: ([UInt8]) -> [UInt8] = { $0 }, suffix: String = "")
        -> [TarMember]
    {
        var seen: Set<Digest> = []
        let contents =
            layers.map(packing) + [config, ociManifest(packing: packing, suffix: suffix)]
        return contents.filter { seen.insert(Digest(of: $0)).inserted }
            .map { .file(Digest(of: $0).blobPath, $0) }
    }

    /// An OCI layout with gzip layers.
    package func layout(_ name: String? = "app:1") -> [TarMember] {
        let manifest = ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        return layoutBlobs(packing: { Packed.gzip($0) }, suffix: "+gzip")
            + [Self.index([(manifest, .ociManifest, name)]), Self.layoutMark]
    }

    package static let layoutMark = TarMember.file(
        "oci-layout",
        #"{"imageLayoutVersion":"1.0.0"}"#
    )

    package static func descriptor(
        _ document: [UInt8],
        _ kind: ManifestKind,
        name: String? = nil
    ) -> Descriptor {
        let annotation = name.map { JSON.Member(AnnotationKey.containerdName, .string($0)) }
        return Descriptor(
            mediaType: kind.mediaType,
            digest: Digest(of: document),
            size: document.count,
            annotations: annotation.map { [$0] } ?? []
        )
    }

    package static func index(_ roots: [([UInt8], ManifestKind, String?)]) -> TarMember {
        let descriptors = roots.map { descriptor($0.0, $0.1, name: $0.2) }
        return .file("index.json", Manifest.index(descriptors).bytes)
    }
}
