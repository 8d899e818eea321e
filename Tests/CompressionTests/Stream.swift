// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams

/// Bytes in memory, in pieces of at most some size, that may end in an error.
final class Stream: ByteSource {
    private var rest: ArraySlice<UInt8>
    private let pieces: Int
    private let error: StreamError?

    init(_ bytes: [UInt8], pieces: Int = .max, endingIn error: StreamError? = nil) {
        rest = bytes[...]
        self.pieces = pieces
        self.error = error
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let piece = rest.prefix(min(buffer.count, pieces))
        if let error, piece.isEmpty { throw error }
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }

    /// Reads to the end in pieces.
    static func contents(of source: any ByteSource, pieces: Int) throws(StreamError) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieces, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            bytes += buffer[..<count]
            guard count == pieces else { return bytes }
        }
    }
}
