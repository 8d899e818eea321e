// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Compression
import OCI
import Streams
import Testing
import TestSupport

private func gzip(_ bytes: [UInt8], _ options: [String] = []) throws -> [UInt8] {
    let result = try Command.run("gzip", ["-c"] + options, input: bytes)
    try #require(result.status == 0, "\(result.errors)")
    return result.output
}

private func inflate(
    _ stream: [UInt8],
    arriving: Int = .max,
    pieces: Int = 10_000
) throws(StreamError) -> [UInt8] {
    try Stream.contents(
        of: GzipReader(Stream(stream, pieces: arriving)),
        pieces: pieces
    )
}

/// A member with all the optional parts of RFC 1952 §2.3.1 that the flags name.
private func member(_ content: [UInt8], flags: UInt8) throws -> [UInt8] {
    var header: [UInt8] = [0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3]
    if flags & 4 != 0 { header += [5, 0, 1, 2, 3, 4, 5] }
    if flags & 8 != 0 { header += Array("name.tar".utf8) + [0] }
    if flags & 16 != 0 { header += Array("a comment".utf8) + [0] }
    if flags & 2 != 0 {
        let sum = crc32(header)
        header += [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)]
    }
    return header + (try gzip(content, ["-n"])).dropFirst(10)
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
        (0..<8)
            .reduce(sum ^ UInt32(byte)) { sum, _ in
                sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1
            }
    }
}

@Suite struct GzipReaderTests {
    private static let text = Generator.text(30_000)

    @Test(arguments: Input.allCases, ["-1", "-6", "-9"])
    func readsWhatGzipWrites(_ input: Input, _ level: String) throws {
        #expect(try inflate(try gzip(input.bytes, [level])) == input.bytes)
    }

    @Test(arguments: Choice.all.filter { $0.recipe.encoding == .gzip }, Input.allCases)
    func readsWhatWeWrite(_ choice: Choice, _ input: Input) throws {
        #expect(try inflate(choice.recipe.layer(input.bytes)) == input.bytes)
    }

    /// Wherever a buffer ends: inside a header, a block, a trailer.
    @Test(arguments: [1, 2, 3, 7, 4096], [1, 5, 70_000])
    func anyPiecesOfManyMembers(_ arriving: Int, _ pieces: Int) throws {
        let parts = [Self.text, [], [1], Generator.noise(3000), [], Array(Self.text.prefix(300))]
        let stream = try parts.flatMap { try gzip($0) }
        #expect(try inflate(stream, arriving: arriving, pieces: pieces) == parts.flatMap(\.self))
    }

    @Test func thousandsOfMembers() throws {
        let one = try gzip([1, 2, 3])
        let stream = Array(repeatElement(one, count: 5000).joined())
        #expect(try inflate(stream).count == 15_000)
    }

    @Test(arguments: UInt8(0)..<16)
    func optionalPartsOfTheHeader(_ bits: UInt8) throws {
        let stream = try member(Self.text, flags: bits << 1)
        #expect(try Command.run("gzip", ["-dc"], input: stream).output == Self.text)
        #expect(try inflate(stream) == Self.text)
        #expect(try inflate(stream + stream) == Self.text + Self.text)
    }

    /// A buffer may end inside a header.
    @Test(arguments: UInt8(0)..<16)
    func optionalPartsInPieces(_ bits: UInt8) throws {
        let stream = try member(Self.text, flags: bits << 1)
        #expect(try inflate(stream, arriving: 1) == Self.text)
    }

    @Test(arguments: [[0], [UInt8](repeating: 0, count: 512), Array("tail".utf8)] as [[UInt8]])
    func whatFollowsIsLeft(_ tail: [UInt8]) throws {
        let reader = GzipReader(Stream(try gzip(Self.text) + tail))
        #expect(try Stream.contents(of: reader, pieces: 999) == Self.text)
        #expect(try Stream.contents(of: reader.rest(), pieces: 3) == tail)
    }

    @Test func nothingIsNothing() throws {
        #expect(try inflate([]).isEmpty)
        #expect(try inflate(try gzip([])).isEmpty)
    }

    /// One layer of compression is taken away, not all that there are.
    @Test func aStreamInsideAStreamStays() throws {
        let inner = try gzip(Self.text)
        #expect(try inflate(try gzip(inner)) == inner)
    }

    @Test func theEndStaysTheEnd() throws {
        let reader = GzipReader(Stream(try gzip([1, 2, 3])))
        #expect(try Stream.contents(of: reader, pieces: 2) == [1, 2, 3])
        #expect(try Stream.contents(of: reader, pieces: 2).isEmpty)
    }

    @Test(arguments: [1, 100, Int.max])
    func everyCutIsATruncation(_ arriving: Int) throws {
        let stream = try gzip(Array(Self.text.prefix(2000)))
        for length in 1..<stream.count {
            #expect(throws: StreamError.truncated, "\(length) of \(stream.count)") {
                try inflate(Array(stream.prefix(length)), arriving: arriving)
            }
        }
    }

    @Test func aCutInTheSecondMemberIsATruncation() throws {
        let whole = try gzip([1, 2, 3])
        for length in 1..<whole.count {
            #expect(throws: StreamError.truncated) { try inflate(whole + whole.prefix(length)) }
        }
    }

    /// Whatever byte is damaged: an error, or the very content (a time stamp is not content).
    @Test func noDamagedByteChangesTheContent() throws {
        let content = Array(Self.text.prefix(2000))
        let stream = try gzip(content)
        for position in stream.indices.dropFirst() {
            for mask in [0x01, 0x80, 0xFF] as [UInt8] {
                var damaged = stream
                damaged[position] ^= mask
                guard let found = try? inflate(damaged) else { continue }
                #expect(found == content, "byte \(position) changed by \(mask)")
            }
        }
    }

    @Test func theSourcesErrorArrives() throws {
        let error = StreamError.system(operation: "read", errno: 5)
        let cut = Array(try gzip(Self.text).dropLast(100))
        #expect(throws: error) {
            try Stream.contents(
                of: GzipReader(Stream(cut, endingIn: error)),
                pieces: 1000
            )
        }
    }
}

@Suite struct DecompressingTests {
    @Test(arguments: [
        (StreamFormat.gzip, "gzip"), (.zstd, "zstd"), (.xz, "xz"), (.bzip2, "bzip2"),
        (.lz4, "lz4"),
    ])
    func everyFormat(_ format: StreamFormat, _ tool: String) throws {
        guard Command.isInstalled(tool) else { return }
        let packed = try Command.run(tool, ["-c"], input: Input.text.bytes).output
        #expect(packed.withUnsafeBytes { StreamFormat(sniffing: $0) } == format)
        let source = try format.decompressing(Stream(packed))
        #expect(try Stream.contents(of: source, pieces: 9999) == Input.text.bytes)
    }

    @Test(arguments: [StreamFormat.tar, .other])
    func whatIsNotCompressedPassesUnchanged(_ format: StreamFormat) throws {
        let source = try format.decompressing(Stream(Input.text.bytes))
        #expect(try Stream.contents(of: source, pieces: 9999) == Input.text.bytes)
    }

    @Test func formatsOfEncodings() {
        for encoding in LayerEncoding.allCases {
            #expect(StreamFormat(encoding).layerEncoding == encoding)
        }
    }
}
