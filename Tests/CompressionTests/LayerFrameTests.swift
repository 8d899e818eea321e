// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Compression
import OCI
import Streams
import TestSupport
import Testing

@Suite struct LayerFrameTests {
    private static let chunk = Recipe.chunkSize

    @Test(
        arguments: [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk, 3 * chunk + 5],
        Choice.all.filter { $0.recipe.encoding == .gzip }
    )
    func aLayerIsOneMember(_ size: Int, _ choice: Choice) throws {
        let content = Generator.text(size, seed: UInt64(size))
        let layer = choice.recipe.layer(content)
        // The trailer of a last member of several would tell of that member only.
        let checksum = content.withUnsafeBytes { CRC32(of: $0) }
        #expect(layer.suffix(8) == bytes(checksum.value) + bytes(UInt32(size)))
        #expect(try inflate(layer) == content)
        guard Command.isInstalled("gzip") else { return }
        let test = try Command.run("gzip", ["-t"], input: layer)
        #expect(test.status == 0 && test.errors.isEmpty, "\(test.errors)")
        #expect(try Command.run("gzip", ["-dc"], input: layer).output == content)
    }

    /// Other encodings have nothing around their chunks.
    @Test(arguments: Choice.all.filter { $0.recipe.encoding == .zstd })
    func chunksOfZstdAreFrames(_ choice: Choice) throws {
        let content = Generator.text(2 * Self.chunk + 1000)
        let layer = choice.recipe.layer(content)
        #expect(layer.starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
        let source = try StreamFormat.zstd.decompressing(Stream(layer))
        #expect(try Stream.contents(of: source, pieces: 100_000) == content)
    }

    /// A chunk is the same wherever it is in a layer, and needs nothing of the chunks before it.
    @Test(arguments: Choice.all.filter { $0.recipe.encoding == .gzip })
    func aChunkStandsForItself(_ choice: Choice) throws {
        let text = Generator.text(Self.chunk)
        let encoder = ChunkEncoder(choice.recipe)
        let first = encoder.encoded(text)
        #expect(first.suffix(4) == [0, 0, 0xFF, 0xFF])
        #expect(encoder.encoded(text) == first)
        let layer = choice.recipe.layer(text + text + [7])
        #expect(layer.dropFirst(10).starts(with: first + first))
        #expect(try inflate(choice.recipe.layer(text)) == text)
    }

    @Test func headerNamesNoTimeOrSystem() throws {
        for level in Recipe.levels(.gzip) {
            let frame = LayerFrame(try #require(Recipe(.gzip, level: level)))
            #expect(frame.header == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
        }
        #expect(LayerFrame(.raw).header + LayerFrame(.raw).trailer == [])
    }

    /// RFC 1952 has the length modulo 2^32.
    @Test func aLayerOfManyGigabytes() throws {
        var frame = LayerFrame(try #require(Recipe(.gzip)))
        var size = [UInt8](repeating: 0, count: 1 << 20).withUnsafeBytes { CRC32(of: $0) }
        for _ in 0..<12 { size.append(size) }
        frame.append(size)
        #expect(frame.trailer.suffix(4) == [0, 0, 0, 0])
        frame.append(([1, 2, 3] as [UInt8]).withUnsafeBytes { CRC32(of: $0) })
        #expect(size.count == 4 << 30)
        #expect(frame.trailer.suffix(4) == [3, 0, 0, 0])
    }

    private func inflate(_ layer: [UInt8]) throws -> [UInt8] {
        try Stream.contents(of: GzipReader(Stream(layer)), pieces: 100_000)
    }

    private func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

@Suite struct CRC32Tests {
    @Test func knownValues() {
        #expect(Self.checksum(Array("123456789".utf8)[...]).value == 0xCBF4_3926)
        #expect(Self.checksum([0]).value == 0xD202_EF8D)
        #expect(CRC32() == Self.checksum([]))
    }

    /// In whatever parts bytes are checked, the checksum is that of all of them.
    @Test(arguments: 0..<50)
    func partsGiveTheChecksumOfTheWhole(_ seed: UInt64) {
        let cuts = Generator.noise(24, seed: seed + 1).map(Int.init)
        let content = Generator.noise(cuts.reduce(0, +) * 100, seed: seed + 1000)
        var joined = CRC32()
        var rest = content[...]
        for cut in cuts {
            joined.append(Self.checksum(rest.prefix(cut * 100)))
            rest = rest.dropFirst(cut * 100)
        }
        #expect(joined == Self.checksum(content[...]))
        #expect(joined.count == content.count)
    }

    /// Lengths beyond 32 bits too: the order in which parts are joined doesn't matter.
    @Test func longPartsJoinInAnyOrder() {
        var long = Self.checksum(Generator.text(100_003)[...])
        for _ in 0..<17 { long.append(long) }
        #expect(long.count > 4 << 30)
        let (a, b) = (Self.checksum([1, 2, 3]), Self.checksum([4]))
        var left = a
        left.append(b)
        left.append(long)
        var right = b
        right.append(long)
        var whole = a
        whole.append(right)
        #expect(left == whole)
        #expect(left != long)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> CRC32 {
        bytes.withUnsafeBytes { CRC32(of: $0) }
    }
}
