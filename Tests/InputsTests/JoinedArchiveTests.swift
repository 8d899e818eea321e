// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Several archives in one file: all are read, or the file is refused.
@Suite struct JoinedArchiveTests {
    private static let images = (0..<3)
        .map { SyntheticImage(layers: [SyntheticImage.layer("f", "\($0)")], comment: "\($0)") }
    private static var archives: [[UInt8]] {
        [
            TarBuilder.tar(images[0].dockerArchive(["one:1"])),
            TarBuilder.tar(images[1].layout("two:1")),
            TarBuilder.tar(images[2].dockerArchive(["three:1"]).map { $0.wrapped(in: "a/b") }),
        ]
    }
    private static let names = ["one", "two", "three"].map { ["docker.io/library/\($0):1"] }

    private func expectAll(_ bytes: [UInt8], location: SourceLocation = #_sourceLocation) throws {
        let parts = try Self.archives.map { try Reading(tar: $0) }
        for throughPipe in [false, true] {
            let reading = try Reading(tar: bytes, throughPipe: throughPipe)
            #expect(reading.images.map { $0.names.map(\.text) } == Self.names)
            #expect(reading.faults.isEmpty, "\(reading.faults)", sourceLocation: location)
            #expect(reading.outcome.warnings == [.severalArchives(3)], sourceLocation: location)
            #expect(try reading.staged == [], sourceLocation: location)
            let blobs = Set(try parts.flatMap { try $0.blobs })
            #expect(try Set(reading.blobs) == blobs, sourceLocation: location)
        }
    }

    /// `cat a.tar b.tar`, and blocks of a tape that are filled up.
    @Test(arguments: [0, 512, 10_240, 200_000]) func plain(_ filling: Int) throws {
        let zeros = [UInt8](repeating: 0, count: filling)
        try expectAll(zeros + Self.archives.flatMap { $0 + zeros })
    }

    @Test(arguments: Packed.allCases) func compressed(_ packed: Packed) throws {
        try expectAll(Self.archives.flatMap { packed($0) })
        try expectAll(packed(Self.archives.flatMap(\.self)))
    }

    @Test(
        arguments: [
            [nil, .gzip, .zstd], [.gzip, nil, nil], [.zstd, .gzip, .bzip2], [nil, nil, .xz],
            [.lz4, .zstd, nil], [.gzip, .bzip2, .xz], [.xz, .gzip, nil], [.xz, nil, .xz],
            [.xz, .lz4, .bzip2], [.xz, .xz, .zstd], [.bzip2, .xz, nil],
        ] as [[Packed?]]
    )
    func mixed(_ formats: [Packed?]) throws {
        try expectAll(zip(formats, Self.archives).flatMap { $0.0?($0.1) ?? $0.1 })
    }

    /// The first one stays, and the second one is named.
    @Test(arguments: [false, true]) func oneOfThemIsNoImage(_ throughPipe: Bool) throws {
        let other = TarBuilder.tar([.file("readme", "hello")])
        let reading = try Reading(tar: Self.archives[0] + other, throughPipe: throughPipe)
        #expect(reading.images.count == 1)
        #expect(reading.outcome.errors.map(\.image) == ["archive 2 of the file"])
        #expect(reading.faults.map { "\($0)" } == ["noImages"])
    }

    /// The intact ones go in, and the last one is named.
    @Test(arguments: [false, true]) func theLastOneIsCutOff(_ throughPipe: Bool) throws {
        let bytes = Self.archives.flatMap(\.self)
        let whole = try Reading(tar: Self.archives[0] + Self.archives[1])
        for length in [1600, 5000] {
            let reading = try Reading(tar: bytes.dropLast(length), throughPipe: throughPipe)
            #expect(try reading.description == whole.description)
            #expect(reading.outcome.errors.map(\.image) == ["archive 3 of the file"])
            #expect(reading.faults.map { "\($0)" }.joined().contains("truncated"))
            #expect(try reading.staged == [])
        }
        let packed = Self.archives[0] + Packed.gzip(Self.archives[1]).dropLast(20)
        let reading = try Reading(tar: packed, throughPipe: throughPipe)
        // Only the end of the compressed stream is missing, after the members.
        #expect(reading.images.count == 2)
        #expect(reading.outcome.errors.map(\.image) == ["archive 2 of the file"])
    }

    /// Some programs write a text after the archive.
    @Test(arguments: [false, true]) func otherBytes(_ throughPipe: Bool) throws {
        let text = Array("saved 1 image\n".utf8)
        for tar in [Self.archives[0]] + Packed.allCases.map({ $0(Self.archives[0]) }) {
            let reading = try Reading(tar: tar + text, throughPipe: throughPipe)
            #expect(reading.images.count == 1)
            #expect(reading.faults.isEmpty)
            #expect(reading.outcome.warnings == [.tail])
        }
    }
}

/// The same name several times in one archive, as after `tar -A`, `tar -r` and `tar -u`.
@Suite struct RepeatedMemberTests {
    let one = SyntheticImage(layers: [SyntheticImage.layer("f", "1")])
    let two = SyntheticImage(layers: [SyntheticImage.layer("f", "2")])

    @Test func joinedArchives() throws {
        try expectFaults(
            one.dockerArchive(["one:1"]) + two.dockerArchive(["two:1"]),
            .repeated(member: "manifest.json")
        )
        try expectFaults(
            one.layout("one:1") + two.layout("two:1"),
            .repeated(member: "index.json")
        )
        let wrapped = (one.dockerArchive(["a:1"]) + two.dockerArchive(["b:1"]))
            .map { $0.wrapped(in: "x/y") }
        try expectFaults(wrapped, .repeated(member: "x/y/manifest.json"))
    }

    @Test(arguments: [false, true]) func equalOnes(_ throughPipe: Bool) throws {
        for members in [one.dockerArchive(), one.layout()] {
            let twice = try Reading(members + members, throughPipe: throughPipe)
            #expect(try twice.description == Reading(members).description)
            #expect(twice.faults.isEmpty)
        }
    }

    /// The last one counts, as in tar, and its digest decides.
    @Test func layers() throws {
        let name = "\(one.diffIDs[0].hex).tar"
        let wrong = TarMember.file(name, two.layers[0])
        let members = [wrong] + one.dockerArchive()
        #expect(try Reading(members).description == Reading(one.dockerArchive()).description)
        try expectFaults(one.dockerArchive() + [wrong], .repeated(member: name))
    }
}
