// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// The data of a registry program.
@Suite struct VolumeTests {
    let image = SyntheticImage.small
    let other = SyntheticImage(layers: [SyntheticImage.layer("a", "other")])

    private var volume: SyntheticVolume {
        var volume = SyntheticVolume()
        volume.push(image, "team/app", tag: "1")
        return volume
    }

    private static func manifest(of image: SyntheticImage) -> [UInt8] {
        image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
    }

    /// An artifact that refers to an image.
    private func signature(of subject: Digest, size: Int) -> (config: [UInt8], manifest: [UInt8]) {
        let config = Array("{}".utf8)
        let json = JSON.object([
            "schemaVersion": .integer(2),
            "mediaType": .string(ManifestKind.ociManifest.mediaType.description),
            "artifactType": .string("application/vnd.example.signature"),
            "config": Descriptor(
                mediaType: .octetStream,
                digest: Digest(of: config),
                size: config.count
            )
            .json,
            "layers": .array([]),
            "subject": Descriptor(
                mediaType: ManifestKind.ociManifest.mediaType,
                digest: subject,
                size: size
            )
            .json,
        ])
        return (config, json.canonicalBytes)
    }

    @Test(arguments: [false, true]) func oneTagOfEachName(_ throughPipe: Bool) throws {
        var volume = volume
        volume.push(image, "mirror", tag: "latest")
        let reading = try Reading(volume.members, throughPipe: throughPipe)
        #expect(reading.faults.isEmpty)
        #expect(
            reading.images.map { $0.names.map(\.text) }
                == [["served mirror:latest", "served team/app:1"]]
        )
        #expect(reading.images.first?.isMade == false)
        #expect(reading.outcome.skipped.isEmpty)
        #expect(try reading.staged == [])
    }

    /// Also where only a part of the path was saved, or more around it.
    @Test(arguments: [
        "", "docker/registry/v2/", "v2/", "backup/var/lib/registry/docker/registry/v2/",
    ])
    func anyDepth(_ prefix: String) throws {
        let members = volume.members.map { member in
            member.with {
                $0.name = prefix + String($0.name.dropFirst(SyntheticVolume.root.count + 1))
            }
        }
        let moved = try Reading(members)
        #expect(moved.faults.isEmpty)
        #expect(try moved.description == Reading(volume.members).description)
        let folder = try TemporaryFolder()
        for member in members { try folder.write(member.name, member.fileContent ?? []) }
        #expect(try Reading(folder.path).description == moved.description)
    }

    @Test(arguments: [false, true]) func referrersComeAlong(_ throughPipe: Bool) throws {
        var volume = volume
        let manifest = Self.manifest(of: image)
        let signature = signature(of: Digest(of: manifest), size: manifest.count)
        volume.add(signature.config)
        let digest = volume.push(signature.manifest, "team/app")
        let reading = try Reading(volume.members, throughPipe: throughPipe)
        let found = try #require(reading.images.first { $0.root.digest == digest })
        #expect(found.names.map(\.text) == ["served team/app"])
        #expect(found.subject == Digest(of: manifest))
        #expect(reading.outcome.skipped.isEmpty)
    }

    @Test(arguments: [false, true]) func leftOversAreCounted(_ throughPipe: Bool) throws {
        var volume = volume
        let untagged = volume.push(other, "team/app")
        let orphan = Array("nobody's".utf8)
        volume.add(orphan)
        let uploads = "\(SyntheticVolume.root)/repositories/team/app/_uploads"
        for (upload, file) in [("one", "data"), ("one", "startedat"), ("two", "data")] {
            volume.members.append(.file("\(uploads)/\(upload)/\(file)", "x"))
        }
        let reading = try Reading(volume.members, throughPipe: throughPipe)
        #expect(reading.faults.isEmpty)
        #expect(reading.images.count == 1)
        let skipped = reading.outcome.skipped
        #expect(skipped.manifests == [untagged])
        #expect(skipped.uploads == 2)
        #expect(skipped.blobs == 3)
        let layer = Packed.gzip(other.layers[0])
        #expect(skipped.bytes == orphan.count + layer.count + other.config.count)
    }
}

/// Manifests of a registry that no tag reaches.
@Suite struct UntaggedTests {
    private let one = SyntheticImage.small
    private let two = SyntheticImage(layers: [SyntheticImage.layer("a", "two")])

    private func read(_ volume: SyntheticVolume, _ selection: Selection) throws -> Reading {
        let scratch = try TemporaryFolder()
        let path = try scratch.write("registry.tar", TarBuilder.tar(volume.members))
        return try Reading(path, selection: selection)
    }

    private func names(_ reading: Reading) -> [String] {
        reading.images.flatMap { image in image.names.map { "\($0.text) \(image.root.digest)" } }
            .sorted()
    }

    /// Everything that this registry served was requested by digest.
    @Test func aRepositoryWithoutTags() throws {
        var volume = SyntheticVolume()
        let first = volume.push(one, "team/a")
        let second = volume.push(two, "team/b", tag: "1")
        for selection in [Selection(), Selection(untagged: .keep)] {
            let reading = try read(volume, selection)
            #expect(names(reading) == ["served team/a \(first)", "served team/b:1 \(second)"])
            #expect(reading.outcome.skipped.isEmpty)
        }
        let dropped = try read(volume, Selection(untagged: .drop))
        #expect(names(dropped) == ["served team/b:1 \(second)"])
        #expect(dropped.outcome.skipped.manifests == [first])
    }

    @Test func besideATag() throws {
        var volume = SyntheticVolume()
        let tagged = volume.push(one, "team/a", tag: "1")
        let untagged = volume.push(two, "team/a")
        #expect(try names(read(volume, Selection())) == ["served team/a:1 \(tagged)"])
        for selection in [
            Selection(untagged: .keep), Selection(pinned: [untagged]),
            Selection(untagged: .drop, pinned: [untagged]),
        ] {
            let reading = try read(volume, selection)
            #expect(
                names(reading)
                    == ["served team/a \(untagged)", "served team/a:1 \(tagged)"].sorted()
            )
            #expect(reading.outcome.skipped.manifests == [])
        }
    }

    /// The children of an index come with it, and without it if it can't be read.
    @Test func anIndexWithoutATag() throws {
        var volume = SyntheticVolume()
        let manifest = one.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let child = volume.push(one, "team/a")
        let index = Manifest.index([SyntheticImage.descriptor(manifest, .ociManifest)]).bytes
        let root = volume.push(index, "team/a")
        #expect(try names(read(volume, Selection())) == ["served team/a \(root)"])
        let other = SyntheticImage.descriptor(manifest, .ociManifest)
        let bad =
            Manifest.index([
                other, Descriptor(mediaType: .octetStream, digest: child, size: manifest.count),
                Descriptor(mediaType: .octetStream, digest: Digest(of: one.config), size: 1),
            ])
            .bytes
        var broken = SyntheticVolume()
        broken.push(one, "team/a")
        broken.push(bad, "team/a")
        let reading = try read(broken, Selection())
        #expect(names(reading) == ["served team/a \(child)"])
        #expect(reading.faults.count == 1)
    }

    @Test func nothingElse() throws {
        var volume = SyntheticVolume()
        volume.push(one, "team/a")
        let reading = try read(volume, Selection(untagged: .drop))
        try expectNothing(of: reading, [.onlyUntagged(count: 1)])
    }
}

/// What is wrong in a registry's data is refused by itself; the rest goes in.
@Suite struct VolumeFaultTests {
    private let good = SyntheticImage(layers: [SyntheticImage.layer("a", "good")])
    private let bad = SyntheticImage.small

    private func expectOnlyGood(
        _ fault: SourceFault,
        image: String = "team/bad:1",
        _ change: (inout SyntheticVolume) -> Void
    ) throws {
        var volume = SyntheticVolume()
        volume.push(good, "team/good", tag: "1")
        change(&volume)
        for throughPipe in [false, true] {
            let reading = try Reading(volume.members, throughPipe: throughPipe)
            #expect(reading.images.map { $0.names.map(\.text) } == [["served team/good:1"]])
            #expect(reading.faults.map { "\($0)" } == ["\(fault)"])
            #expect(reading.outcome.errors.map(\.image) == [image])
            #expect(reading.outcome.skipped.manifests == [])
        }
    }

    @Test func tagThatPointsNowhere() throws {
        let digest = Digest(of: [1])
        let path = SyntheticVolume.tagPath("team/bad", "1")
        try expectOnlyGood(.dangling(member: path, digest)) { volume in
            volume.members.append(.file(path, "\(digest)"))
        }
    }

    @Test(arguments: ["", "rubbish", "sha256:abc", "md5:0", String(repeating: "a", count: 257)])
    func linkWithRubbish(_ text: String) throws {
        let path = SyntheticVolume.tagPath("team/bad", "1")
        try expectOnlyGood(.noDigest(member: path)) { volume in
            volume.members.append(.file(path, text))
        }
    }

    @Test func missingLayer() throws {
        let layer = Digest(of: Packed.gzip(bad.layers[0]))
        let manifest = bad.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        try expectOnlyGood(.lost(layer, neededBy: Digest(of: manifest))) { volume in
            volume.push(bad, "team/bad", tag: "1")
            volume.members = volume.members.without(SyntheticVolume.blobPath(layer))
        }
    }

    @Test func damagedLayer() throws {
        let layer = Packed.gzip(bad.layers[0])
        let changed = Array(layer.dropLast()) + [layer[layer.count - 1] ^ 1]
        let path = SyntheticVolume.blobPath(Digest(of: layer))
        let fault = SourceFault.digest(
            member: path,
            expected: Digest(of: layer),
            found: Digest(of: changed)
        )
        try expectOnlyGood(fault) { volume in
            volume.push(bad, "team/bad", tag: "1")
            volume.members = volume.members.changing(path) { _ in changed }
        }
    }

    @Test func damagedManifest() throws {
        let manifest = bad.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let changed = manifest + [UInt8(ascii: " ")]
        let fault = SourceFault.digest(
            member: "blobs/sha256/\(Digest(of: manifest).hex)",
            expected: Digest(of: manifest),
            found: Digest(of: changed)
        )
        try expectOnlyGood(fault) { volume in
            volume.push(bad, "team/bad", tag: "1")
            let path = SyntheticVolume.blobPath(Digest(of: manifest))
            volume.members = volume.members.changing(path) { _ in changed }
        }
    }

    @Test func schema1() throws {
        let manifest = Array(#"{"schemaVersion":1,"name":"team/bad","tag":"1"}"#.utf8)
        try expectOnlyGood(.schema1(Digest(of: manifest))) { volume in
            volume.push(manifest, "team/bad", tag: "1")
        }
    }

    @Test func invalidName() throws {
        try expectOnlyGood(.invalidName("Team/Bad:1"), image: "Team/Bad:1") { volume in
            volume.push(bad, "Team/Bad", tag: "1")
        }
    }

    @Test func nothingServed() throws {
        var volume = SyntheticVolume()
        volume.add([1, 2, 3])
        try expectFaults(volume.members, .nothingServed)
    }
}
