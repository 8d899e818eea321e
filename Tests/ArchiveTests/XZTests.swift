// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams
import TestSupport
import Testing

/// xz streams with something else after them, wherever they end in the pieces that are read.
@Suite(.enabled(if: Command.isInstalled("xz"))) struct XZTests {
    private func xz(_ bytes: [UInt8], _ options: String...) throws -> [UInt8] {
        let result = try Command.run("xz", ["-c"] + options, input: bytes)
        try #require(result.status == 0, "\(result.errors)")
        return result.output
    }

    private func read(_ bytes: [UInt8]) throws -> (content: [UInt8], hasTail: Bool) {
        let stream = try DecompressedStream(
            Bytes(bytes),
            .xz,
            scope: .run,
            within: ExpansionBudget()
        )
        return (try Listing.contents(of: stream, pieces: 65536), stream.hasTail)
    }

    private static let text = Array("something else".utf8)

    /// The buffer of libarchive has 256 KiB, and noise isn't compressed.
    @Test(arguments: Array(stride(from: 261_960, through: 262_100, by: 4)))
    func endsInEveryPlace(_ size: Int) throws {
        let noise = Generator.noise(size)
        let packed = try xz(noise, "-0")
        for tail in [[1], Self.text, [0] + Self.text, [0xFD, 0x37, 0x7A]] as [[UInt8]] {
            let (content, hasTail) = try read(packed + tail)
            #expect(content == noise && hasTail)
        }
        let twice = try read(packed + packed)
        #expect(twice.content == noise + noise && !twice.hasTail)
    }

    @Test(arguments: [
        ["--block-size=1000"], ["--check=none"], ["--check=crc32"], ["--check=sha256"],
    ])
    func anyIndexAndCheck(_ options: [String]) throws {
        let text = Generator.text(300_000)
        let result = try Command.run("xz", ["-c"] + options, input: text)
        let (content, hasTail) = try read(result.output + Self.text)
        #expect(content == text && hasTail)
    }

    @Test(arguments: 0..<4) func aStreamInsideAStreamIsNoEnd(_ offset: Int) throws {
        let inner = [UInt8](repeating: 7, count: offset) + (try xz(Generator.noise(5000)))
        let outer = try xz(inner + Generator.noise(5000, seed: 2))
        #expect(try read(outer + Self.text).content == inner + Generator.noise(5000, seed: 2))
    }

    @Test func zerosBetweenStreams() throws {
        let (one, two) = (Generator.text(5000), Generator.text(6000, seed: 2))
        for zeros in [4, 510, 70_000] {
            let filling = [UInt8](repeating: 0, count: zeros)
            let (content, hasTail) = try read(try xz(one) + filling + xz(two) + filling)
            #expect(content == one + two && !hasTail)
        }
    }

    @Test func damageIsFound() throws {
        let packed = try xz(Generator.noise(400_000))
        for place in [100, 300_000, packed.count - 30, packed.count - 10, packed.count - 1] {
            var bytes = packed + Self.text
            bytes[place] ^= 1
            #expect(throws: StreamError.self, "\(place)") { try read(bytes) }
        }
        #expect(throws: StreamError.self) { try read(Array(packed.dropLast(12))) }
    }
}
