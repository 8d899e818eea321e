// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams
import Testing
import TestSupport

private let tools = ["gzip", "zstd", "xz", "bzip2", "lz4"].filter(Command.isInstalled)

private func packed(_ tool: String, _ bytes: [UInt8]) throws -> [UInt8] {
    let result = try Command.run(tool, ["-c"], input: bytes)
    try #require(result.status == 0, "\(tool): \(result.errors)")
    return result.output
}

private func content(
    _ stream: [UInt8],
    scope: StreamError.Scope = .layer,
    within budget: ExpansionBudget = ExpansionBudget(),
    pieces: Int = 9999
) throws -> (bytes: [UInt8], hasTail: Bool) {
    let format = StreamFormat(sniffing: Array(stream.prefix(StreamFormat.sniffLength)))
    let source = Stream(stream, pieces: pieces)
    let decoded = try DecompressedStream(source, format, scope: scope, within: budget)
    return (try Stream.contents(of: decoded, pieces: 70_000), decoded.hasTail)
}

private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

/// What tools put around and between compressed streams.
@Suite struct ContinuedStreamTests {
    private static let parts = [Generator.text(70_000), [2], Generator.noise(5000)]
    private static var whole: [UInt8] { parts.flatMap(\.self) }

    /// Blocks of a tape or disk are filled up; xz knows only multiples of four.
    @Test(arguments: tools, [4, 512, 10_240, 300_000])
    func zerosMayFollow(_ tool: String, _ count: Int) throws {
        let stream = try Self.parts.flatMap { try packed(tool, $0) } + zeros(count)
        for scope in [StreamError.Scope.layer, .run] {
            let found = try content(stream, scope: scope)
            #expect(found.bytes == Self.whole)
            #expect(!found.hasTail)
        }
    }

    /// libarchive refuses everything but xz after xz, so nothing is lost in silence.
    @Test(arguments: tools.filter { $0 != "xz" }) func streamsMayFollowEachOther(_ tool: String)
        throws
    {
        let first = try packed(tool, Self.parts[0])
        for other in tools {
            for filling in [0, 512] {
                let stream = try first + zeros(filling) + packed(other, Self.parts[2])
                let found = try content(stream, pieces: 1000)
                #expect(found.bytes == Self.parts[0] + Self.parts[2], "\(tool), \(other)")
            }
        }
    }

    /// The same, however the bytes arrive: the zeros end within a piece, or with it.
    @Test(arguments: ["gzip", "zstd"].filter(Command.isInstalled), [1, 7, 512])
    func streamsMayArriveInPieces(_ tool: String, _ pieces: Int) throws {
        let stream = try packed(tool, Self.parts[1])
        let between = try content(stream + zeros(512) + stream + zeros(8), pieces: pieces)
        #expect(between.bytes == Self.parts[1] + Self.parts[1])
    }

    /// As pzstd, seekable zstd and zstd:chunked write them, and wherever else.
    @Test(arguments: [0x50, 0x57, 0x5F] as [UInt8], [0, 4, 600]) func skippableFrames(
        _ first: UInt8,
        _ size: Int
    ) throws {
        let length = (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        let frame = [first, 0x2A, 0x4D, 0x18] + length + Generator.noise(size)
        let (one, two) = (try packed("zstd", Self.parts[0]), try packed("zstd", Self.parts[2]))
        for stream in [
            frame + one + two, one + frame + two, one + two + frame, frame + frame + one,
        ] {
            for pieces in [7, 100_000] {
                let found = try content(stream + zeros(100), pieces: pieces)
                #expect(found.bytes.starts(with: Self.parts[0]))
                #expect(found.bytes.count >= Self.parts[0].count)
            }
        }
        #expect(throws: StreamError.truncated) { try content(one + frame.dropLast()) }
    }

    @Test(.enabled(if: Command.isInstalled("pzstd"))) func pzstd() throws {
        let input = Generator.text(500_000)
        let stream = try Command.run("pzstd", ["-c", "-p", "4"], input: input).output
        #expect(try content(stream).bytes == input)
    }

    /// Engines refuse such a layer; an archive is read, and the reader says so.
    @Test(arguments: tools.filter { $0 != "xz" }) func otherBytesThatFollow(_ tool: String) throws {
        let stream = try packed(tool, Self.parts[0]) + Array("tail of a program".utf8)
        #expect(throws: StreamError.self) { _ = try content(stream) }
        let archive = try content(stream, scope: .run)
        #expect(archive.bytes == Self.parts[0])
        #expect(archive.hasTail)
    }

    /// `cat a.tar.gz b.tar`: the plain one isn't lost.
    @Test(arguments: tools.filter { $0 != "xz" }) func aPlainArchiveMayFollow(_ tool: String) throws
    {
        let plain = TarBuilder.tar([.file("a", "x")])
        let found = try content(try packed(tool, Self.parts[0]) + plain, scope: .run)
        #expect(found.bytes == Self.parts[0] + plain)
        #expect(!found.hasTail)
    }

    @Test func aRowOfOtherStreamsEnds() throws {
        let one = try packed("gzip", [1]) + packed("zstd", [1])
        let stream = Array(repeatElement(one, count: 600).joined())
        #expect(throws: StreamError.damaged("more than 1000 compressed streams in a row")) {
            _ = try content(stream)
        }
    }
}

/// A small stream must not be able to keep regstatic busy for ever.
@Suite struct ExpansionTests {
    private static func budget() -> ExpansionBudget {
        ExpansionBudget(layer: 1 << 20, run: 3 << 20)
    }

    @Test(arguments: tools) func aLayerIsBounded(_ tool: String) throws {
        let fits = try packed(tool, zeros(1 << 20))
        #expect(try content(fits, within: Self.budget()).bytes.count == 1 << 20)
        for bomb in [try packed(tool, zeros(1 << 20 + 1)), fits + fits] {
            #expect(throws: StreamError.expansion(.layer, limit: 1 << 20)) {
                try content(bomb, within: Self.budget())
            }
        }
    }

    @Test(arguments: tools) func aRunIsBounded(_ tool: String) throws {
        let stream = try packed(tool, zeros(1 << 20))
        let budget = Self.budget()
        for _ in 0..<3 { _ = try content(stream, within: budget) }
        #expect(throws: StreamError.expansion(.run, limit: 3 << 20)) {
            try content(stream, within: budget)
        }
        #expect(throws: StreamError.expansion(.run, limit: 3 << 20)) {
            try content(
                Array(repeatElement(stream, count: 4).joined()),
                scope: .run,
                within: Self.budget()
            )
        }
    }

    /// The ratio doesn't matter: an honest image may have a file of zeros.
    @Test func zerosExpandALot() throws {
        let stream = try packed("zstd", zeros(16 << 20))
        #expect(stream.count * 8000 < 16 << 20)
        #expect(try content(stream).bytes.count == 16 << 20)
    }

    @Test func theLimitsAreThoseOfTheDocument() {
        #expect(ExpansionBudget.maximumLayer == 1 << 40)
        #expect(ExpansionBudget.maximumRun == 1 << 44)
    }
}
