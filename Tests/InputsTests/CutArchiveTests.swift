// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

@testable import Inputs
import OCI
import SiteModel
import SiteTestSupport
import Streams
import TestSupport
import Testing

/// Archives whose list of images comes first and whose end is missing or unreadable: the complete
/// images go in, and the others are refused by their names.
@Suite struct CutArchiveTests {
    private static let one = SyntheticImage(layers: [SyntheticImage.layer("f", "1")])
    private static let two = SyntheticImage(layers: [SyntheticImage.layer("f", "2")])

    /// A layout with compressed layers: the index first, then the blobs of each image.
    private static func layout(_ images: [SyntheticImage], names: [String]) -> [TarMember] {
        let manifests = images.map {
            $0.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        }
        let list = zip(manifests, names).map { ($0, ManifestKind.ociManifest, Optional($1)) }
        let blobs = images.map {
            $0.layoutBlobs(packing: { Packed.gzip($0) }, suffix: "+gzip")
        }
        return [SyntheticImage.layoutMark, SyntheticImage.index(list)] + blobs.flatMap(\.self)
    }

    private static let layout = layout([one, two], names: ["a/one:1", "a/two:1"])

    private func expectOne(_ reading: Reading, lacking name: String, _ cause: StreamError? = nil)
        throws
    {
        #expect(reading.images.flatMap(\.names).map(\.label) == ["docker.io/a/one:1"])
        let images = reading.outcome.errors.map(\.image)
        #expect(images == [nil, name], "\(reading.faults)")
        guard case .partlyRead(.stream(let error, nil))? = reading.faults.first else {
            throw Unexpected("\(reading.faults)")
        }
        #expect(error == cause ?? .truncated)
        for image in reading.images {
            for part in try reading.manifest(image.root).blobs {
                let bytes = try reading.bytes(part.digest)
                #expect(Digest(of: bytes) == part.digest)
            }
        }
        #expect(try reading.staged == [])
    }

    @Test(arguments: [false, true]) func layoutWithACutMember(_ throughPipe: Bool) throws {
        let tar = TarBuilder.tar(Self.layout, endMark: false)
        let first = TarBuilder.tar(
            Self.layout([Self.one], names: ["a/one:1"]).without("index.json"),
            endMark: false
        )
        let index = TarBuilder.tar([Self.layout[1]], endMark: false).count
        // A cut in each part of the second image; the last byte may be a filler.
        for length in stride(from: first.count + index + 512, to: tar.count - 512, by: 300) {
            let reading = try Reading(tar: Array(tar.prefix(length)), throughPipe: throughPipe)
            try expectOne(reading, lacking: "docker.io/a/two:1")
        }
    }

    @Test(arguments: [false, true]) func membersAreMissing(_ throughPipe: Bool) throws {
        let tar = TarBuilder.tar(Self.layout.dropLast(), endMark: false)
        try expectOne(Reading(tar: tar, throughPipe: throughPipe), lacking: "docker.io/a/two:1")
    }

    /// A layer of `docker save` has no digest in its name, so only the tar shows that it is cut.
    @Test(arguments: [false, true]) func dockerArchive(_ throughPipe: Bool) throws {
        let list = TarMember.file(
            "manifest.json",
            """
            [{"Config": "one.json", "RepoTags": ["a/one:1"], "Layers": ["one/layer.tar"]},
             {"Config": "two.json", "RepoTags": ["a/two:1"], "Layers": ["two/layer.tar"]}]
            """
        )
        let members: [TarMember] = [
            list, .file("one.json", Self.one.config), .file("one/layer.tar", Self.one.layers[0]),
            .file("two.json", Self.two.config), .file("two/layer.tar", Self.two.layers[0]),
        ]
        let tar = TarBuilder.tar(members, endMark: false)
        for length in [1, 700, Self.two.layers[0].count, Self.two.layers[0].count + 300] {
            let reading = try Reading(tar: Array(tar.dropLast(length)), throughPipe: throughPipe)
            try expectOne(reading, lacking: "a/two:1")
        }
        for packed in [Packed.gzip, .zstd] {
            let bytes = packed(tar)
            let reading = try Reading(tar: Array(bytes.dropLast(40)))
            #expect(!reading.faults.isEmpty)
            #expect(reading.images.count < 2)
        }
    }

    /// The member replaces an earlier one with the same name, so the earlier one doesn't count.
    @Test(arguments: [false, true]) func repeatedMember(_ throughPipe: Bool) throws {
        let last = try #require(Self.layout.last)
        let tar = TarBuilder.tar(Self.layout + [last], endMark: false)
        let content = TarBuilder.tar([last], endMark: false).count - 512
        let reading = try Reading(
            tar: Array(tar.dropLast(content - 10)),
            throughPipe: throughPipe
        )
        try expectOne(reading, lacking: "docker.io/a/two:1")
    }

    @Test(arguments: [false, true]) func damagedHeader(_ throughPipe: Bool) throws {
        var tar = TarBuilder.tar(Self.layout)
        let last = try #require(Self.layout.last)
        let size = TarBuilder.tar([last]).count
        tar[tar.count - size + 20] ^= 0xFF
        let reading = try Reading(tar: tar, throughPipe: throughPipe)
        try expectOne(reading, lacking: "docker.io/a/two:1", .damaged("Damaged tar archive"))
    }

    /// What the decoder returned before the cut is used.
    @Test(arguments: Packed.allCases)
    func compressedStream(_ packed: Packed) throws {
        let noise = TarMember.file("blobs/noise", Generator.noise(12_000_000))
        let tar = TarBuilder.tar(Array(Self.layout.dropLast()) + [noise] + Self.layout.suffix(1))
        let bytes = packed(tar)
        let reading = try Reading(tar: Array(bytes.prefix(bytes.count / 2)))
        try expectOne(reading, lacking: "docker.io/a/two:1")
    }

    /// The rest may have had the other platform, so the index isn't complete.
    @Test func sparseIndex() throws {
        let manifest = Self.two.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let index = Manifest.index([
            SyntheticImage.descriptor(manifest, .ociManifest),
            SyntheticImage.descriptor([7], .ociManifest),
        ])
        let one = Self.one.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let list = SyntheticImage.index([
            (one, .ociManifest, "a/one:1"), (index.bytes, .ociIndex, "a/two:1"),
        ])
        let packing: ([UInt8]) -> [UInt8] = { Packed.gzip($0) }
        let members =
            [list] + Self.one.layoutBlobs(packing: packing, suffix: "+gzip")
            + Self.two.layoutBlobs(packing: packing, suffix: "+gzip")
            + [.file(index.digest.blobPath, index.bytes), .file("manifest.json", "[]")]
        let tar = TarBuilder.tar(members + [.file("x", Generator.noise(2000))], endMark: false)
        let reading = try Reading(tar: Array(tar.dropLast(1000)))
        try expectOne(reading, lacking: "docker.io/a/two:1")
    }

    /// Docker writes `manifest.json` and `repositories` after the index, so its invented manifests
    /// can't be told from real ones.
    @Test func rawLayers() throws {
        let manifest = Self.one.ociManifest()
        let members =
            [SyntheticImage.index([(manifest, .ociManifest, "a/one:1")])] + Self.one.layoutBlobs()
            + [.file("x", Generator.noise(2000))]
        let tar = TarBuilder.tar(members, endMark: false)
        try expectNothing(
            of: Reading(tar: Array(tar.dropLast(1000))),
            [.stream(.truncated, member: nil)]
        )
    }
}
