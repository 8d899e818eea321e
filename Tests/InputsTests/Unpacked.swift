// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Compression
import OCI
import Streams

/// What is inside a blob, read in one go.
enum Unpacked {
    static func digest(_ blob: [UInt8]) throws -> Digest { Digest(of: try bytes(blob)) }

    static func bytes(_ blob: [UInt8]) throws -> [UInt8] {
        let format = blob.withUnsafeBytes { StreamFormat(sniffing: $0) }
        guard format.isCompressed else { return blob }
        let reader = try format.decompressing(MemorySource(blob))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}

/// Bytes in memory as a source.
private final class MemorySource: ByteSource {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let count = min(buffer.count, bytes.count)
        buffer.copyBytes(from: bytes.prefix(count))
        bytes = bytes.dropFirst(count)
        return count
    }
}
