// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import Streams

/// A layer of one chunk: what the encoder makes of it is read as the same bytes, and doesn't depend
/// on the chunk before.
enum DeflateTarget {
    static func run(_ bytes: [UInt8], _ options: Int) {
        let limit = options & 16 == 0 ? 1 << 16 : Recipe.chunkSize
        let chunk = options & 4 == 0 ? bytes : Expanded(bytes, limit: limit).bytes
        let level = 1 + (options & 3) % 3
        let encoded = encode(chunk, used[level - 1])
        let outcome = Outcome(
            of: GzipReader(Bytes(encoded)),
            limit: Recipe.chunkSize + 1
        )
        expect(outcome.error == nil, "\(String(describing: outcome.error)) at level \(level)")
        expect(outcome.bytes == chunk, "other bytes at level \(level)")
        guard options & 8 != 0 else { return }
        expect(encode(chunk, encoder(level)) == encoded, "the chunk before matters")
    }

    nonisolated(unsafe) private static let used = (1...3).map(encoder)
    nonisolated(unsafe) private static let output = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ChunkEncoder.outputSize,
        alignment: 64
    )

    private static func encoder(_ level: Int) -> ChunkEncoder {
        guard let recipe = Recipe(.gzip, level: level) else { fatalError("no level \(level)") }
        return ChunkEncoder(recipe)
    }

    /// Encodes a copy that ends where its memory does, so that a read behind it is seen.
    private static func encode(_ chunk: [UInt8], _ encoder: ChunkEncoder) -> [UInt8] {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: chunk)
        let raw = UnsafeRawBufferPointer(copy)
        let blocks = Array(encoder.encode(raw, into: output))
        var frame = LayerFrame(encoder.recipe)
        frame.append(encoder.checksum(raw))
        return frame.header + blocks + frame.trailer
    }
}

/// Large chunks from small inputs: runs, matches at any distance, and bytes without a pattern.
private struct Expanded {
    private(set) var bytes: [UInt8] = []
    private var state: UInt64 = 1

    init(_ input: [UInt8], limit: Int) {
        var rest = input[...]
        while let byte = rest.popFirst(), bytes.count < limit {
            let count = Int(byte >> 2) + 1
            switch byte & 3 {
            case 0:
                bytes += rest.prefix(count)
                rest = rest.dropFirst(count)
            case 1:
                let high = Int(rest.popFirst() ?? 0)
                copy(count + 2, from: high << 8 + Int(rest.popFirst() ?? 0) + 1)
            case 2: for _ in 0..<(count * count) { bytes.append(noise()) }
            default: bytes += repeatElement(rest.popFirst() ?? 0, count: count * count * 16)
            }
        }
        bytes.removeLast(max(0, bytes.count - limit))
    }

    private mutating func copy(_ count: Int, from distance: Int) {
        guard distance <= bytes.count else { return }
        for _ in 0..<count { bytes.append(bytes[bytes.count - distance]) }
    }

    private mutating func noise() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
