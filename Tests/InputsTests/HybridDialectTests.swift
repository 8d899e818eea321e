// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Archives with both `manifest.json` and `index.json`, each known to be short or wrong at times.
@Suite struct HybridDialectTests {
    let image = SyntheticImage.small

    /// What Docker ≥ 25 with a graph driver writes, with an OCI manifest that a test chooses.
    private func graphDriver(manifest: [UInt8], index: String? = nil) -> [TarMember] {
        let layers = image.diffIDs.map(\.blobPath)
        let sources = image.diffIDs.map { digest in
            JSON.Member(digest.description, .object(["digest": .string(digest.description)]))
        }
        let entry = JSON.object([
            "Config": .string(image.configDigest.blobPath),
            "RepoTags": .array([.string("app:1")]),
            "Layers": .array(layers.map(JSON.string)),
            "LayerSources": .object(sources),
        ])
        let list =
            index.map { TarMember.file("index.json", $0) }
            ?? SyntheticImage.index([(manifest, .ociManifest, "docker.io/library/app:1")])
        return zip(layers, image.layers).map { TarMember.file($0, $1) } + [
            .file(image.configDigest.blobPath, image.config),
            .file(Digest(of: manifest).blobPath, manifest), list,
            SyntheticImage.list([entry]), SyntheticImage.layoutMark,
            .file("repositories", #"{"app":{"1":"x"}}"#),
        ]
    }

    /// Checks that the image is made from `manifest.json`.
    private func expectMade(
        _ members: [TarMember],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try Reading(image.dockerArchive()).description
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.faults.isEmpty, "\(reading.faults)", sourceLocation: location)
            #expect(try reading.description == expected, sourceLocation: location)
        }
    }

    @Test func inventedManifest() throws {
        try expectMade(graphDriver(manifest: image.ociManifest()))
    }

    /// After one failed read of the image in `manifest.json`, the invented manifest must not take the
    /// image's tag.
    @Test func inventedManifestOfARefusedImage() throws {
        let members = graphDriver(manifest: image.ociManifest())
            .changing("manifest.json") { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                return Array(text.replacing(image.diffIDs[0].blobPath, with: "blobs/gone").utf8)
            }
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.images.isEmpty)
            #expect(!reading.faults.isEmpty)
        }
    }

    /// 25.0.0 wrote the layers in the order of a map.
    @Test func shuffledLayers() throws {
        var shuffled = image
        shuffled.layers.reverse()
        try expectMade(graphDriver(manifest: shuffled.ociManifest()))
    }

    /// A release candidate of 25 wrote none.
    @Test func noLayersInTheManifest() throws {
        var bare = image
        bare.layers = []
        try expectMade(graphDriver(manifest: bare.ociManifest()))
    }

    @Test func nullManifests() throws {
        let index = #"{"schemaVersion":2,"manifests":null}"#
        try expectMade(graphDriver(manifest: image.ociManifest(), index: index))
    }

    /// moby#51389: of several images without a tag, `index.json` lists the first.
    @Test(arguments: [false, true])
    func onlyTheFirstUntaggedImageIsListed(_ throughPipe: Bool) throws {
        let second = SyntheticImage(layers: [image.layers[1]], comment: "second")
        let packed = { Packed.gzip($0) }
        let manifest = image.ociManifest(packing: packed, suffix: "+gzip")
        let entries = [image, second]
            .map { image in
                SyntheticImage.entry(
                    config: image.configDigest.blobPath,
                    tags: nil,
                    layers: image.layers.map { Digest(of: packed($0)).blobPath }
                )
            }
        let members =
            image.layoutBlobs(packing: packed, suffix: "+gzip")
            + second.layoutBlobs(packing: packed, suffix: "+gzip") + [
                SyntheticImage.index([(manifest, .ociManifest, nil)]),
                SyntheticImage.list(entries), SyntheticImage.layoutMark,
            ]
        let reading = try Reading(members, throughPipe: throughPipe)
        #expect(reading.faults.isEmpty)
        #expect(reading.images.map(\.isMade) == [false, true])
        #expect(reading.images[0].root.digest == Digest(of: manifest))
        let (config, layers) = try reading.parts(reading.images[1])
        #expect(config.digest == second.configDigest)
        #expect(layers.map(\.digest) == second.layers.map { Digest(of: packed($0)) })
    }

    /// regctl names every layer's source by the layer's own digest: that is no graph driver.
    @Test func regctl() throws {
        let packed = { Packed.gzip($0) }
        let blobs = image.layers.map(packed)
        let sources = blobs.map {
            JSON.Member(Digest(of: $0).description, .object(["size": .integer($0.count)]))
        }
        let entry = JSON.object([
            "Config": .string(image.configDigest.blobPath), "RepoTags": .null,
            "Layers": .array(blobs.map { .string(Digest(of: $0).blobPath) }),
            "LayerSources": .object(sources),
        ])
        let members = Array(image.layout().reversed()) + [SyntheticImage.list([entry])]
        let reading = try Reading(members)
        #expect(reading.images.map(\.isMade) == [false])
    }

    /// Names that only one of the two documents has are kept.
    @Test func namesOfBothDocuments() throws {
        let packed = { Packed.gzip($0) }
        let entry = SyntheticImage.entry(
            config: image.configDigest.blobPath,
            tags: ["other:2"],
            layers: image.layers.map { Digest(of: packed($0)).blobPath }
        )
        let reading = try Reading(image.layout() + [SyntheticImage.list([entry])])
        #expect(
            reading.images.map { $0.names.map(\.text) } == [
                ["docker.io/library/app:1", "docker.io/library/other:2"]
            ]
        )
    }

    /// An image that is refused in both documents is reported once, under each of its names.
    @Test(arguments: [["app:1"], nil] as [[String]?]) func oneFaultIsReportedOnce(_ tags: [String]?)
        throws
    {
        let layers = image.layers.map { Digest(of: Packed.gzip($0)).blobPath }
        let entry = SyntheticImage.entry(
            config: image.configDigest.blobPath,
            tags: tags,
            layers: layers
        )
        let layout = image.layout(tags?.first).without(layers[0])
        for throughPipe in [false, true] {
            let members = layout + [SyntheticImage.list([entry])]
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(
                reading.outcome.errors.map(\.image) == [tags?.first ?? image.configDigest.blobPath]
            )
            // Another name of the image is not in `manifest.json`.
            let manifest = image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
            let other =
                members.without("index.json") + [
                    SyntheticImage.index([
                        (manifest, .ociManifest, "app:1"), (manifest, .ociManifest, "other:1"),
                    ])
                ]
            let labels = try Reading(other, throughPipe: throughPipe).outcome.errors.map(\.image)
            #expect(labels.contains("docker.io/library/other:1"))
            #expect(labels.count == (tags == nil ? 3 : 2))
        }
    }

    @Test func oneBadNameIsReportedOnce() throws {
        let entry = SyntheticImage.entry(
            config: image.configDigest.blobPath,
            tags: ["Team/App:1"],
            layers: image.layers.map { Digest(of: Packed.gzip($0)).blobPath }
        )
        let members = image.layout("docker.io/Team/App:1") + [SyntheticImage.list([entry])]
        #expect(try Reading(members).outcome.errors.map(\.image) == ["Team/App:1"])
    }

    /// Without a list of Docker's, raw layers are what the producer published.
    @Test func rawLayersOfALayoutAreOriginal() throws {
        let manifest = image.ociManifest()
        let members =
            image.layoutBlobs() + [SyntheticImage.index([(manifest, .ociManifest, "app:1")])]
        let reading = try Reading(members)
        #expect(reading.images.map(\.root.digest) == [Digest(of: manifest)])
        #expect(reading.images.map(\.isMade) == [false])
        // An index of a layout refers to what it lacks by digest alone.
        #expect(try Reading(members, throughPipe: true).description == reading.description)
    }
}
