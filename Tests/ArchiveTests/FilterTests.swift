// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams
import Testing
import TestSupport

/// The compressions that libarchive takes off for us, made by the system's tools.
private let tools = ["xz", "bzip2", "lz4"].filter(Command.isInstalled)

private func compress(_ tool: String, _ bytes: [UInt8]) throws -> [UInt8] {
    let result = try Command.run(tool, ["-c"], input: bytes)
    try #require(result.status == 0, "\(tool): \(result.errors)")
    return result.output
}

private func inflate(_ tool: String, _ bytes: [UInt8], pieces: Int = 65536) throws -> [UInt8] {
    try Listing.contents(of: try Listing.decompressing(tool, Bytes(bytes)), pieces: pieces)
}

@Suite struct CompressedTarTests {
    @Test(arguments: tools)
    func readsAsThePlainOne(_ tool: String) throws {
        var builder = TarBuilder()
        let members: [TarMember] = [
            .file("a", Generator.text(100_000)), .file("b", Generator.noise(9000)), .folder("c"),
        ]
        let offsets = members.map { builder.add($0) }
        builder.addEndMark()
        let packed = Bytes(try compress(tool, builder.bytes))
        let source = try Listing.decompressing(tool, packed)
        let entries = try Listing.entries(try ArchiveReader(tar: source))
        #expect(entries.map(\.summary) == ["a file 100000", "b file 9000", "c folder"])
        #expect(entries.map(\.position) == offsets)
        #expect(entries.map(\.content) == members.map(Listing.content))
    }

    /// Other decoders stay off: they would only be something more to attack.
    @Test func otherFormatsAreNoArchives() throws {
        for bytes in [Generator.noise(4096), Array("PK\u{3}\u{4}".utf8), Generator.text(2000)] {
            #expect(throws: ArchiveError.notAnArchive) { try Listing.entries(bytes) }
        }
    }

    @Test(
        .enabled(if: Command.isInstalled("bsdtar")),
        arguments: [["--format", "cpio"], ["--format", "zip"], ["--lzma"], ["--compress"]]
    )
    func otherFiltersAreNoArchives(_ options: [String]) throws {
        let folder = try TemporaryFolder()
        try folder.write("a", Generator.text(3000))
        let arguments = options + ["-cf", folder["out"], "-C", folder.path, "a"]
        try #require(try Command.run("bsdtar", arguments).status == 0)
        let bytes = try folder.read("out")
        #expect(throws: ArchiveError.notAnArchive) { try Listing.entries(bytes) }
    }
}

@Suite struct DecompressionTests {
    @Test(arguments: tools)
    func givesTheBytesBack(_ tool: String) throws {
        for input in [[7], Generator.text(500_000), Generator.noise(100_000)] as [[UInt8]] {
            #expect(try inflate(tool, try compress(tool, input)) == input)
        }
    }

    @Test(arguments: tools)
    func nothingCompressedIsRefused(_ tool: String) throws {
        let packed = try compress(tool, [])
        #expect(throws: StreamError.self) { try inflate(tool, packed) }
    }

    @Test(arguments: [1, 3, 1000, 1 << 20])
    func piecesDoNotMatter(_ pieces: Int) throws {
        let input = Generator.text(50_000)
        #expect(try inflate("xz", try compress("xz", input), pieces: pieces) == input)
    }

    /// bgzip, estargz and the first versions of this project write many members.
    @Test(arguments: tools)
    func membersThatFollowEachOtherAreOneStream(_ tool: String) throws {
        let parts = [Generator.text(70_000), [2], [1], Generator.noise(5000)] as [[UInt8]]
        let stream = try parts.flatMap { try compress(tool, $0) }
        #expect(try inflate(tool, stream) == parts.flatMap(\.self))
    }

    @Test(arguments: tools)
    func aStreamInsideAStreamStays(_ tool: String) throws {
        let inner = try compress(tool, Generator.text(10_000))
        #expect(try inflate(tool, try compress(tool, inner)) == inner)
    }

    @Test func theSourcesErrorArrives() throws {
        let packed = try compress("xz", Generator.noise(2_000_000))
        let error = StreamError.system(operation: "read", errno: 5)
        let source = Bytes(Array(packed.prefix(1_000_000)), endingIn: error)
        #expect(throws: error) {
            try Listing.contents(of: try Listing.decompressing("xz", source), pieces: 65536)
        }
    }

    @Test func whatIsNotCompressedIsAnError() throws {
        let input = Generator.text(100_000)
        #expect(throws: StreamError.self) { try inflate("xz", input) }
    }
}
