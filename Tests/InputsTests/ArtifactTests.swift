// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import Inputs
import TestSupport
import Testing

/// Content that isn't a plain image is served byte for byte.
@Suite struct ArtifactTests {
    /// A layout of one manifest over the given blobs.
    private func layout(
        config: [UInt8],
        configType: MediaType = .ociConfig,
        layers: [(type: String, bytes: [UInt8])],
        leavingOut absent: Set<Int> = []
    ) throws -> (members: [TarMember], manifest: Digest) {
        let descriptors = try layers.map { layer in
            Descriptor(
                mediaType: try #require(MediaType(layer.type)),
                digest: Digest(of: layer.bytes),
                size: layer.bytes.count,
                urls: layer.type.contains("nondistributable") ? ["https://example.com/l"] : []
            )
        }
        let manifest = Manifest.image(
            .ociManifest,
            config: Descriptor(
                mediaType: configType,
                digest: Digest(of: config),
                size: config.count
            ),
            layers: descriptors
        )
        var members = [config, manifest.bytes].map { TarMember.file(Digest(of: $0).blobPath, $0) }
        for (index, layer) in layers.enumerated() where !absent.contains(index) {
            members.append(.file(Digest(of: layer.bytes).blobPath, layer.bytes))
        }
        members += [
            SyntheticImage.index([(manifest.bytes, .ociManifest, "t/a:1")]),
            SyntheticImage.layoutMark,
        ]
        return (members, manifest.digest)
    }

    private static let encrypted = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted"
    private static let gzip = "application/vnd.oci.image.layer.v1.tar+gzip"

    private func expectServed(_ layout: (members: [TarMember], manifest: Digest)) throws {
        for throughPipe in [false, true] {
            let reading = try Reading(layout.members, throughPipe: throughPipe)
            #expect(reading.faults.map { "\($0)" } == [])
            #expect(reading.images.map(\.root.digest) == [layout.manifest])
        }
    }

    /// An encrypted layer is no tar, and its diffID is that of the decrypted one.
    @Test func encryptedLayers() throws {
        let image = SyntheticImage.small
        let plain = Packed.gzip(image.layers[0])
        try expectServed(
            try layout(
                config: image.config,
                layers: [(Self.gzip, plain), (Self.encrypted, Array("secret".utf8))]
            )
        )
        let reading = try Reading(
            try layout(
                config: image.config,
                layers: [(Self.encrypted, [1]), (Self.encrypted, [2])]
            )
            .members
        )
        #expect(reading.images.first?.platforms.map(\.description) == ["linux/amd64"])
    }

    /// The plain layer beside an encrypted one is still checked.
    @Test func wrongLayersBesideEncryptedOnes() throws {
        let image = SyntheticImage.small
        let wrong = Packed.gzip(SyntheticImage.layer("x", "y"))
        let reading = try Reading(
            try layout(config: image.config, layers: [(Self.gzip, wrong), (Self.encrypted, [1])])
                .members
        )
        #expect(reading.images.isEmpty && reading.faults.count == 1)
    }

    @Test(arguments: ["{}", "", #"{"architecture":"amd64","os":"linux"}"#])
    func configsOfArtifacts(_ config: String) throws {
        for type in [Self.gzip, "application/vnd.example+json", "text/plain"] {
            try expectServed(
                try layout(
                    config: Array(config.utf8),
                    layers: [(type, Packed.gzip(Array("file".utf8)))]
                )
            )
        }
        try expectServed(try layout(config: Array(config.utf8), layers: []))
    }

    @Test func imagesWithoutLayers() throws {
        for rootfs in ["{}", #"{"type":"layers"}"#, #"{"diff_ids":null}"#] {
            let config = #"{"architecture":"amd64","os":"linux","rootfs":\#(rootfs)}"#
            try expectServed(try layout(config: Array(config.utf8), layers: []))
        }
    }

    /// A config that no client can decode is still refused.
    @Test func configsThatClientsRefuse() throws {
        let config = Array(#"{"architecture":5,"os":"linux","rootfs":{"diff_ids":[]}}"#.utf8)
        let layer = Packed.gzip(SyntheticImage.layer("x", "y"))
        let reading = try Reading(try layout(config: config, layers: [(Self.gzip, layer)]).members)
        #expect(reading.images.isEmpty && reading.faults.count == 1)
    }

    /// Tools leave out foreign layers, or write an empty file in their place.
    @Test func foreignLayers() throws {
        let image = SyntheticImage.small
        let type = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
        let blobs = image.layers.map { Packed.gzip($0) }
        let layers = [(type, blobs[0]), (Self.gzip, blobs[1])]
        try expectServed(try layout(config: image.config, layers: layers))
        let absent = try layout(config: image.config, layers: layers, leavingOut: [0])
        try expectServed(absent)
        let placeholder = TarMember.file(Digest(of: blobs[0]).blobPath, [UInt8]())
        try expectServed((absent.members + [placeholder], absent.manifest))
    }
}
