// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Streams

/// Bytes in memory that arrive in pieces of at most some size.
final class Bytes: ByteSource {
    private var rest: ArraySlice<UInt8>
    private let pieces: Int

    init(_ bytes: [UInt8], pieces: Int = .max) {
        (rest, self.pieces) = (bytes[...], pieces)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let piece = rest.prefix(min(buffer.count, pieces))
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }
}

/// The bytes that a source gave, and the error that ended them.
struct Outcome {
    var bytes: [UInt8] = []
    var error: StreamError?
    /// Whether the limit ended the reading: a fault may follow.
    private(set) var isCut = false

    /// Reads at most `limit` bytes, which is also the end of a bomb.
    init(of source: any ByteSource, reading size: Int = 64 << 10, limit: Int = 64 << 10) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        do throws(StreamError) {
            while bytes.count < limit {
                let part = UnsafeMutableRawBufferPointer(
                    rebasing: buffer[..<min(size, limit - bytes.count)]
                )
                let count = try source.read(into: part)
                expect(count <= part.count, "a source gave more than was asked for")
                bytes += part[..<count]
                guard count == part.count else { return }
            }
            isCut = true
        } catch { self.error = error }
    }
}
