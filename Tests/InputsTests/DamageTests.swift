// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteModel
import Archive
import Compression
import Foundation
import Glibc
import OCI
import SiteTestSupport
@testable import Inputs
import Streams
import TestSupport
import Testing

/// Files that are cut off, changed, or no archives at all.
@Suite struct DamageTests {
    /// Every length at which something begins or ends, and those around it.
    private static func lengths(_ count: Int) -> [Int] {
        var generator = Generator(seed: 7)
        let edges = stride(from: 0, to: count, by: 512).flatMap { [$0, $0 + 1, $0 + 511] }
        let random = (0..<64).map { _ in Int.random(in: 0..<count, using: &generator) }
        return Set(edges + random).filter { $0 < count }.sorted()
    }

    /// A cut is noticed wherever it is, unless a member could begin there and nothing is missing.
    @Test(arguments: [false, true], ["docker", "layout"])
    func cutOff(_ throughPipe: Bool, _ dialect: String) throws {
        let image = SyntheticImage.small
        let members = dialect == "docker" ? image.dockerArchive() : image.layout()
        let bytes = TarBuilder.tar(members)
        // The layout's mark comes last, and no image needs it.
        let list = TarBuilder.tar(members.without("oci-layout"), endMark: false)
        let complete = list.count
        // In a file, a member is complete without the zeros after it.
        let lastByte = try #require(list.lastIndex { $0 != 0 })
        let needed = throughPipe ? complete : lastByte + 1
        let whole = TarBuilder.tar(members, endMark: false).count
        for length in Self.lengths(bytes.count) {
            let reading = try Reading(
                tar: Array(bytes.prefix(length)),
                throughPipe: throughPipe,
                threads: 1
            )
            let isWhole = length >= bytes.count - 512 || length == whole || length == complete
            if isWhole, length < bytes.count - 512 {
                #expect(reading.outcome.warnings == [.noEndMark])
            } else if isWhole {
                #expect(reading.outcome.warnings == [])
            }
            let hasImage = isWhole || length >= needed
            #expect(reading.images.count == (hasImage ? 1 : 0), "\(length) of \(bytes.count)")
            #expect(reading.faults.count == (isWhole ? 0 : 1), "\(length) of \(bytes.count)")
            if hasImage, !isWhole {
                #expect(reading.faults.allSatisfy { $0.isPartOfTheFile }, "\(length)")
            } else if !isWhole {
                #expect(try reading.blobs.isEmpty)
                #expect(
                    reading.faults.allSatisfy { $0.isOfTheFile },
                    "\(length): \(reading.faults)"
                )
            }
        }
    }

    @Test(arguments: Packed.allCases) func cutOffCompressed(_ packed: Packed) throws {
        let tar = TarBuilder.tar(SyntheticImage.small.dockerArchive())
        let whole = try Reading(tar: tar).description
        let bytes = packed(tar)
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
            let reading = try Reading(tar: Array(bytes.prefix(length)), threads: 1)
            // All members may be complete although the end of the stream is missing.
            #expect(reading.faults.count == 1 || !reading.images.isEmpty)
            if reading.images.isEmpty {
                #expect(try reading.blobs.isEmpty)
            } else {
                #expect(try reading.description == whole)
            }
        }
    }

    /// Whatever is changed: the store holds only what it says, and images are whole.
    @Test(arguments: ["docker20-one.tar", "docker28-one.tar", "docker28ctr-one.tar"])
    func changedBytes(_ name: String) throws {
        let original = try Fixture.bytes(name)
        var generator = Generator(seed: 11)
        for round in 0..<60 {
            var bytes = original
            for _ in 0...round % 3 {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
                    in: 0...255,
                    using: &generator
                )
            }
            let reading = try Reading(tar: bytes, throughPipe: round % 2 == 0, threads: 1)
            for name in try reading.blobs {
                #expect(Digest(of: try reading.bytes(try #require(Digest(hex: name)))).hex == name)
            }
            for image in reading.images {
                for part in try reading.manifest(image.root).blobs {
                    #expect(try reading.bytes(part.digest).count == part.size)
                }
            }
            #expect(!reading.images.isEmpty || !reading.faults.isEmpty)
        }
    }

    @Test func noArchive() throws {
        let noise = Generator.noise(20_000)
        for throughPipe in [false, true] {
            try expectNothing(
                of: Reading(tar: noise, throughPipe: throughPipe),
                [.archive(.notAnArchive, member: nil)]
            )
        }
    }

    @Test(arguments: [false, true]) func emptyFile(_ throughPipe: Bool) throws {
        let reading = try Reading(tar: [], throughPipe: throughPipe)
        try expectNothing(of: reading, [.foreign(.emptyFile)])
    }

    @Test func missingFile() throws {
        try expectNothing(
            of: Reading("/nonexistent/image.tar"),
            [.stream(.system(operation: "open", errno: ENOENT), member: nil)]
        )
    }

    /// A list beyond any real one is refused by its size, unread.
    @Test func listThatIsTooLarge() throws {
        let limit = JSONLimits.list.bytes
        let scratch = try TemporaryFolder()
        let header = TarBuilder.tar(
            [TarMember.file("manifest.json", "").with { $0.claimedSize = limit + 512 }],
            endMark: false
        )
        let path = try scratch.write("large.tar", header)
        // Zeros that take no space: the member's content, and the end mark.
        try #require(truncate(path, header.count + limit + 512 + 1024) == 0)
        try expectNothing(
            of: Reading(path),
            [
                .json(
                    JSONError(reason: .tooLarge(limit: limit), offset: limit),
                    document: "manifest.json"
                )
            ]
        )
    }

    /// What a pipe left behind would stand beside the next input until the next run.
    @Test func aRefusedPipeLeavesNothingStaged() throws {
        let image = SyntheticImage.small
        for members in [image.dockerArchive().without("manifest.json"), image.layout(nil)] {
            let tar = TarBuilder.tar(members, endMark: false)
            let staged = try Reading(tar: tar, throughPipe: true).staged
            #expect(staged == [])
        }
    }
}

extension SourceFault {
    fileprivate var isPartOfTheFile: Bool {
        if case .partlyRead(.stream(.truncated, nil)) = self { true } else { false }
    }

    /// Whether the file as a whole is said to be damaged, cut off, or no archive.
    ///
    /// The first bytes of a tar are a name, which is a text.
    fileprivate var isOfTheFile: Bool {
        switch self {
        case .foreign(.emptyFile), .foreign(.text): true
        case .stream(.truncated, _), .stream(.damaged, _), .archive(.notAnArchive, _): true
        default: false
        }
    }
}
