// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import SiteTestSupport
import TestSupport
import Testing

/// Inputs of other kinds, in each way in which they come.
@Suite struct ForeignInputTests {
    private let image = SyntheticImage.small

    private func expect(
        _ kind: ForeignInput,
        _ members: [TarMember],
        location: SourceLocation = #_sourceLocation
    ) throws {
        for way in Way.allCases {
            try expectNothing(of: way.read(members), [.foreign(kind)], location: location)
        }
    }

    private var skopeoFolder: [TarMember] {
        let manifest = image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        return image.layers.map { layer in
            let blob = Packed.gzip(layer)
            return .file(Digest(of: blob).hex, blob)
        } + [
            .file(image.configDigest.hex, image.config), .file("manifest.json", manifest),
            .file("version", "Directory Transport Version: 1.1\n"),
        ]
    }

    @Test func skopeoFolders() throws {
        try expect(.skopeoFolder, skopeoFolder)
        let schema1 = #"{"schemaVersion":1,"name":"a","tag":"1","fsLayers":[],"history":[]}"#
        try expect(
            .skopeoFolder,
            skopeoFolder.changing("manifest.json") { _ in Array(schema1.utf8) }
        )
        // More blobs than are looked at.
        let blobs = (0..<200)
            .map { index in
                TarMember.file(Digest(of: Array("\(index)".utf8)).hex, "x")
            }
        try expect(.skopeoFolder, blobs + skopeoFolder)
    }

    @Test func imgpkg() throws {
        let list =
            #"[{"ImageIndex":null,"Image":{"Refs":["a/b@sha256:0"],"Layers":[],"Config":{},"Manifest":{}}}]"#
        try expect(
            .imgpkgArchive,
            [.file("manifest.json", list), .file("sha256-\(image.configDigest.hex).tar.gz", "x")]
        )
    }

    @Test func fileSystems() throws {
        let system: [TarMember] = [.file("bin/sh", "x"), .file("etc/passwd", "root:x:0:0")]
        try expect(.fileSystem, system)
        for list in [#"{"name":"app"}"#, #"[{"url":"/","revision":null}]"#, "// not JSON", ""] {
            try expect(.fileSystem, system + [.file("manifest.json", list)])
            try expect(.fileSystem, system + [.file("index.json", list)])
        }
        try expect(.otherDocument("index.json"), [.file("index.json", #"{"pages":[]}"#)])
    }

    @Test func beforeContentAddressing() throws {
        let id = image.configDigest.hex
        try expect(
            .beforeContentAddressing,
            [
                .file("\(id)/VERSION", "1.0"), .file("\(id)/json", "{}"),
                .file("\(id)/layer.tar", image.layers[0]),
            ]
        )
    }

    @Test func registryDatabase() throws {
        let members: [TarMember] = [
            .file("docker/registry/lockfiles/database-in-use", "{}"),
            .file(
                "docker/registry/v2/blobs/sha256/\(image.configDigest.hex.prefix(2))/"
                    + "\(image.configDigest.hex)/data",
                image.config
            ),
        ]
        try expect(.registryDatabase, members)
    }

    /// Tags in the folder are from before the registry got its database: they may be old.
    @Test(arguments: [Way.file, .pipe, .folder]) func tagsBesideADatabase(_ way: Way) throws {
        var volume = SyntheticVolume()
        volume.push(image, "team/app", tag: "1")
        volume.members.append(.file("registry/docker/registry/lockfiles/database-in-use", "{}"))
        let reading = try way.read(volume.members)
        #expect(reading.images.count == 1)
        #expect(reading.faults.map { "\($0)" } == ["\(SourceFault.foreign(.registryDatabase))"])
    }

    @Test func containerdStore() throws {
        let blob = "io.containerd.content.v1.content/\(Digest(of: image.config).blobPath)"
        try expect(
            .containerdStore,
            [.file(blob, image.config), .file("io.containerd.metadata.v1.bolt/meta.db", "x")]
        )
    }

    @Test func archivesInside() throws {
        let inner = TarBuilder.tar(image.dockerArchive())
        let faults = try Reading([.file("a.tar", inner), .file("notes", "x")]).faults
        #expect(faults.map { "\($0)" } == ["\(SourceFault.foreign(.archives(example: "a.tar")))"])
    }

    /// Files that Git or a shell replaced.
    @Test(arguments: [false, true]) func firstBytes(_ throughPipe: Bool) throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        let inputs: [([UInt8], ForeignInput)] = [
            (Array(pointer.utf8), .lfsPointer), (Array("<html>".utf8), .webPage),
            (Array("PK\u{3}\u{4}".utf8) + Generator.noise(2000), .zip),
            (Array("Unauthorized\n".utf8), .text(firstLine: "Unauthorized")),
            (Self.disc(zeros: true), .disc), (Self.disc(zeros: false), .disc),
            (Self.singularity, .singularity),
        ]
        for (bytes, kind) in inputs {
            let reading = try Reading(tar: bytes, throughPipe: throughPipe)
            try expectNothing(of: reading, [.foreign(kind)])
            for packed in Packed.allCases {
                let reading = try Reading(tar: packed(bytes), throughPipe: throughPipe)
                let isContent = [.zip, .disc, .singularity].contains(kind)
                let found = isContent ? .compressed(kind, outer: "\(packed)") : kind
                try expectNothing(of: reading, [.foreign(found)])
            }
        }
    }

    /// The first 16 sectors of a disc are zeros, or begin with a program that starts a computer.
    private static func disc(zeros: Bool) -> [UInt8] {
        let start = zeros ? [UInt8](repeating: 0, count: 32_768) : Generator.noise(32_768)
        return start + Array("\u{1}CD001\u{1}".utf8) + [UInt8](repeating: 0, count: 9000)
    }

    private static let singularity =
        Array("#!/usr/bin/env run-singularity\n\0SIF_MAGIC\0".utf8)
        + [UInt8](repeating: 0, count: 9000)

    /// Zeros may also be in front of a tar.
    @Test(arguments: [false, true]) func zerosBeforeATar(_ throughPipe: Bool) throws {
        let tar = [UInt8](repeating: 0, count: 40_960) + TarBuilder.tar(image.dockerArchive())
        #expect(try Reading(tar: tar, throughPipe: throughPipe).images.count == 1)
        let packed = try Reading(tar: Packed.gzip(tar), throughPipe: throughPipe)
        #expect(packed.images.count == 1)
    }

    /// As a web server compresses an archive that is compressed already.
    @Test(arguments: Packed.allCases) func compressedTwice(_ outer: Packed) throws {
        let tar = TarBuilder.tar(image.dockerArchive())
        for inner in Packed.allCases {
            for throughPipe in [false, true] {
                let reading = try Reading(tar: outer(inner(tar)), throughPipe: throughPipe)
                try expectNothing(of: reading, [.foreign(.compressedTwice(outer: "\(outer)"))])
            }
        }
    }

    /// An interrupted copy, a folder where nothing is mounted.
    @Test func noFiles() throws {
        for throughPipe in [false, true] {
            let zeros = try Reading(
                tar: Array(repeating: 0, count: 20_480),
                throughPipe: throughPipe
            )
            try expectNothing(of: zeros, [.foreign(.emptyArchive)])
        }
        let folder = try TemporaryFolder()
        try expectNothing(of: Reading(folder.path), [.foreign(.emptyFolder)])
    }

    /// Git replaced one file of a folder, which may have been packed into an archive.
    @Test(arguments: Way.allCases) func pointers(_ way: Way) throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        for members in [image.dockerArchive(), image.layout(), image.layout(nil)] {
            // The digest of a file in a layout is its name, so each of its files counts.
            for member in members where member.name != "oci-layout" {
                let changed = members.changing(member.name) { _ in Array(pointer.utf8) }
                let reading = try way.read(changed)
                let name = way == .wrapped ? "around/\(member.name)" : member.name
                let faults = reading.faults.map { "\($0)" }
                #expect(faults == ["\(SourceFault.pointer(member: name))"])
                #expect(reading.images.isEmpty)
            }
        }
    }

    /// Another tool may have the same number of bytes in mind.
    @Test func aPointerAsLongAsTheLayer() throws {
        let layer = Packed.gzip(image.layers[0])
        let start = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize "
        let pointer =
            Array(start.utf8)
            + [UInt8](
                repeating: 0x31,
                count: max(0, layer.count - start.utf8.count)
            )
        let name = Digest(of: layer).blobPath
        let faults = try Reading(image.layout().changing(name) { _ in pointer }).faults
        #expect(faults.map { "\($0)" } == ["\(SourceFault.pointer(member: name))"])
    }
}
