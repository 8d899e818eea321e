// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// What producers of docker-archives other than Docker do differently.
@Suite struct DockerDialectTests {
    let image = SyntheticImage.small
    var plain: [String] { get throws { try Reading(image.dockerArchive()).description } }

    /// Checks that members give the same image, from a file and through a pipe.
    private func expectSame(
        _ members: [TarMember],
        as expected: [String]? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try expected ?? plain
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.faults.isEmpty, "\(reading.faults)", sourceLocation: location)
            #expect(try reading.description == expected, sourceLocation: location)
            #expect(try reading.staged.isEmpty, sourceLocation: location)
        }
    }

    private func list(_ config: String, _ layers: [String], tags: [String]? = ["app:1"])
        -> TarMember
    {
        SyntheticImage.list([SyntheticImage.entry(config: config, tags: tags, layers: layers)])
    }

    /// kaniko, crane, ko: `sha256:<hex>` and gzip layers, whose digests are the registry's.
    @Test func crane() throws {
        let packed = image.layers.map { Packed.gzip($0) }
        let names = packed.map { "\(Digest(of: $0).hex).tar.gz" }
        let config = image.configDigest.description
        let members =
            [TarMember.file(config, image.config)]
            + zip(names, packed).map { TarMember.file($0, $1) } + [list(config, names)]
        let reading = try Reading(members)
        let (_, layers) = try reading.parts(try #require(reading.images.first))
        #expect(layers.map(\.digest) == packed.map { Digest(of: $0) })
        try expectSame(members, as: try reading.description)
    }

    /// crane invents this tag for what it pulled by digest.
    @Test func craneByDigest() throws {
        let reading = try Reading(image.dockerArchive(["ghcr.io/acme/tool:i-was-a-digest"]))
        #expect(reading.images.map { $0.names.map(\.text) } == [["ghcr.io/acme/tool"]])
    }

    /// jib: a config whose name carries no digest.
    @Test func jib() throws {
        let names = image.diffIDs.map { "\($0.hex).tar.gz" }
        let members =
            zip(names, image.layers).map { TarMember.file($0, $1) }
            + [.file("config.json", image.config), list("config.json", names)]
        try expectSame(members)
    }

    /// Bazel's rules_oci: the list first, suffixes that lie, an empty name.
    @Test func bazel() throws {
        let names = image.diffIDs.map { "blobs/sha256/\($0.hex).tar.gz" }
        let config = image.configDigest.blobPath
        let members =
            [list(config, names, tags: ["app:1", ""]), .file(config, image.config)]
            + zip(names, image.layers).map { TarMember.file($0, $1) }
        try expectSame(members)
    }

    /// nix: a gzip around everything, layers in folders of their own.
    @Test func nix() throws {
        let names = image.diffIDs.map { "\($0.hex)/layer.tar" }
        let config = "\(image.configDigest.hex).json"
        let members =
            zip(names, image.layers).map { TarMember.file($0, $1) }
            + [.file(config, image.config), list(config, names)]
        let reading = try Reading(tar: Packed.gzip(TarBuilder.tar(members)))
        #expect(try reading.description == plain)
    }

    @Test(arguments: [Packed.bzip2, .xz]) func layersNoRegistryKnows(_ packed: Packed) throws {
        let name = "\(image.diffIDs[0].hex).tar"
        try expectSame(image.dockerArchive().changing(name) { packed($0) })
    }

    @Test func zstdLayersAreKept() throws {
        let name = "\(image.diffIDs[1].hex).tar"
        let reading = try Reading(image.dockerArchive().changing(name) { Packed.zstd($0) })
        let (_, layers) = try reading.parts(try #require(reading.images.first))
        #expect(layers[1].digest == Digest(of: Packed.zstd(image.layers[1])))
        #expect(layers[1].mediaType.description.hasSuffix("+zstd"))
        #expect(layers[0].mediaType.description.hasSuffix("+gzip"))
    }

    /// Docker < 25: a layer that was written already is a link to where it is, or will be.
    @Test func links() throws {
        let names = ["x/layer.tar", "y/layer.tar", "z/layer.tar"]
        let layers = [image.layers[0], image.layers[0], image.layers[0]]
        let same = SyntheticImage(layers: layers)
        let config = "\(same.configDigest.hex).json"
        let members = [
            TarMember.symbolicLink(names[0], to: "../y/layer.tar"),
            .hardLink(names[1], to: "z/layer.tar"),
            .file(names[2], layers[0]), .file(config, same.config), list(config, names),
        ]
        let expected = try Reading(same.dockerArchive()).description
        try expectSame(members, as: expected)
        try expectSame(members.reversed(), as: expected)
    }

    /// A link to a folder on the way, and one that counts from the root.
    @Test func linkedFolders() throws {
        let names = image.diffIDs.map { "layers/\($0.hex).tar" }
        let config = "\(image.configDigest.hex).json"
        let members =
            [TarMember.symbolicLink("layers", to: "/store/here")]
            + zip(image.diffIDs, image.layers).map { .file("store/here/\($0.hex).tar", $1) }
            + [.file(config, image.config), list(config, names)]
        try expectSame(members)
    }

    @Test func theLastOfSeveralMembersWins() throws {
        let name = "\(image.diffIDs[0].hex).tar"
        let old = SyntheticImage.layer("old", "old")
        try expectSame([.file(name, old)] + image.dockerArchive())
    }

    /// apple/container writes a line after the archive.
    @Test func trailingText() throws {
        let expected = try plain
        let bytes = TarBuilder.tar(image.dockerArchive(), appended: Array("saved\n".utf8))
        #expect(try Reading(tar: bytes).description == expected)
        #expect(try Reading(tar: bytes, throughPipe: true).description == expected)
        #expect(try Reading(tar: Packed.gzip(bytes)).description == expected)
    }

    @Test(arguments: [[], nil] as [[String]?]) func noNames(_ tags: [String]?) throws {
        let reading = try Reading(image.dockerArchive(tags))
        #expect(reading.images.map(\.names.count) == [0])
    }

    @Test func noLayers() throws {
        let empty = SyntheticImage(layers: [])
        let config = "\(empty.configDigest.hex).json"
        let entry = JSON.object([
            "Config": .string(config), "RepoTags": .null, "Layers": .null,
        ])
        try expectSame(
            [.file(config, empty.config), SyntheticImage.list([entry])],
            as: try Reading(empty.dockerArchive(nil)).description
        )
    }

    @Test func severalImages() throws {
        let second = SyntheticImage(layers: [image.layers[0]], comment: "second")
        let members = (image.dockerArchive() + second.dockerArchive(["app:2"]))
            .without("manifest.json")
        let entries = [
            SyntheticImage.entry(
                config: "\(image.configDigest.hex).json",
                tags: ["app:1"],
                layers: image.diffIDs.map { "\($0.hex).tar" }
            ),
            SyntheticImage.entry(
                config: "\(second.configDigest.hex).json",
                tags: ["app:2"],
                layers: second.diffIDs.map { "\($0.hex).tar" }
            ),
        ]
        let reading = try Reading(members + [SyntheticImage.list(entries)])
        #expect(reading.images.map { $0.names.map(\.text) }.count == 2)
        #expect(try reading.parts(reading.images[0]).layers.count == 2)
        #expect(try reading.parts(reading.images[1]).layers.count == 1)
    }

    /// Hauler: one entry for each platform, all with the same names.
    @Test func hauler() throws {
        let arm = SyntheticImage(layers: [SyntheticImage.layer("a", "arm")], architecture: "arm64")
        let entries = [image, arm]
            .map { image in
                SyntheticImage.entry(
                    config: "\(image.configDigest.hex).json",
                    tags: ["app:1"],
                    layers: image.diffIDs.map { "\($0.hex).tar" }
                )
            }
        let members =
            (image.dockerArchive() + arm.dockerArchive()).without("manifest.json")
            + [SyntheticImage.list(entries)]
        let reading = try Reading(tar: Packed.zstd(TarBuilder.tar(members)))
        #expect(
            reading.images.map { $0.names.map(\.text) } == [
                ["docker.io/library/app:1"], ["docker.io/library/app:1"],
            ]
        )
        #expect(
            reading.images.flatMap(\.platforms).map(\.description) == [
                "linux/amd64", "linux/arm64",
            ]
        )
    }
}
