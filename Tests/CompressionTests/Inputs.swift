// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import TestSupport
import Testing

/// Chunks that a compressor meets, the same on every machine.
enum Input: String, CaseIterable, CustomTestStringConvertible {
    case empty, oneByte, zeros, noise, text, exactChunk, sparse, islands, records

    var bytes: [UInt8] { Self.all[self] ?? [] }

    private static let all = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.generated) })

    private var generated: [UInt8] {
        switch self {
        case .empty: []
        case .oneByte: [42]
        case .zeros: [UInt8](repeating: 0, count: 300_000)
        case .noise: Generator.noise(200_000)
        case .text: Generator.text(400_000)
        case .exactChunk: Generator.text(Recipe.chunkSize)
        // Text and noise by turns; the noise comes again while the window still has some of it.
        case .islands:
            [20_000, 50_000, 90_000]
                .flatMap { Generator.text($0) + Generator.noise($0) + Generator.noise($0 / 3) }
        // No two alike, but one byte of eight says nothing.
        case .records: Generator.noise(300_000).enumerated().map { $0 % 8 == 5 ? 0 : $1 }
        case .sparse: (0..<100_000).map { $0 % 997 == 0 ? UInt8(truncatingIfNeeded: $0) : 0 }
        }
    }

    var testDescription: String { rawValue }
}

/// A level of an encoding, as a test's argument.
struct Choice: CustomTestStringConvertible {
    let recipe: Recipe

    var testDescription: String { "\(recipe.encoding)-\(recipe.level)" }

    static let all = [
        Recipe(.gzip, level: 1), Recipe(.gzip, level: 2), Recipe(.gzip, level: 3),
        Recipe(.zstd, level: 1), Recipe(.zstd, level: 3), Recipe(.zstd, level: 9),
    ]
    .compactMap(\.self).map(Choice.init)
}

extension Recipe {
    /// A layer, encoded as `build` does it.
    func layer(_ bytes: [UInt8]) -> [UInt8] {
        let encoder = ChunkEncoder(self)
        var frame = LayerFrame(self)
        var layer = frame.header
        for start in stride(from: 0, to: max(1, bytes.count), by: Self.chunkSize) {
            let chunk = Array(bytes[start..<min(start + Self.chunkSize, bytes.count)])
            layer += encoder.encoded(chunk)
            frame.append(chunk.withUnsafeBytes { encoder.checksum($0) })
        }
        return layer + frame.trailer
    }
}

extension ChunkEncoder {
    /// The encoded chunk, copied.
    func encoded(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { encoded($0) } }

    func encoded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let output = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.outputSize,
            alignment: 16
        )
        defer { output.deallocate() }
        return Array(encode(bytes, into: output))
    }
}
