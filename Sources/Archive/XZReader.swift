// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Streams

/// The content of consecutive xz streams, decompressed by libarchive.
///
/// liblzma, as libarchive uses it, reports all bytes after a stream as a damaged stream unless they
/// are another xz stream. So libarchive gets only the bytes up to the end of the last stream.
final class XZReader: StreamDecoder {
    private let streams: XZStreams
    private let reader: ArchiveReader

    init(_ source: any ByteSource) throws(StreamError) {
        streams = XZStreams(source)
        reader = try ArchiveReader(decompressing: streams, .xz)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        unsafe try reader.read(into: buffer)
    }

    func rest() -> any ByteSource { streams.rest ?? reader.rest() }

    var salvaged: Int { reader.salvaged }
}

/// The bytes of a source up to the end of the last consecutive xz stream.
///
/// This class finds the end of a stream without decompressing it, because the footer has a checksum
/// and the size of the index, and the index has a checksum and the sizes of all blocks.
///
/// <https://tukaani.org/xz/xz-file-format-1.1.0.txt>
private final class XZStreams: ByteSource {
    private var source: any ByteSource
    /// The bytes after the last stream; nil before the end of this stream, and if its end wasn't
    /// found.
    private(set) var rest: (any ByteSource)?
    /// The last bytes that were read, to find an index and a footer that began in earlier pieces.
    private var last: [UInt8] = []
    /// The number of bytes of the current stream that were read in earlier pieces.
    private var position = 0

    init(_ source: any ByteSource) { self.source = source }

    private static let magic: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    /// If an index is longer than this because it has thousands of blocks, the stream's end isn't
    /// found.
    private static let maximumTail = 64 << 10

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        guard rest == nil else { return 0 }
        let count = unsafe try source.read(into: buffer)
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
        var end = unsafe nextEnd(in: bytes, after: 0)
        while let found = end {
            let following = unsafe try following(bytes, at: found)
            guard following == Self.magic else {
                // If nothing follows the stream, libarchive finds the stream's end by itself.
                if !following.isEmpty {
                    rest = unsafe Prefixed(Array(bytes[found...]), source)
                    return found
                }
                break
            }
            position = -found
            end = unsafe nextEnd(in: bytes, after: found)
        }
        unsafe remember(bytes)
        position += count
        return count
    }

    /// Reads as many bytes at an offset as the magic number has.
    private func following(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int
    ) throws(StreamError) -> [UInt8] {
        let here = unsafe Array(bytes[offset...].prefix(Self.magic.count))
        guard here.count < Self.magic.count else { return here }
        let more = try source.bytes(Self.magic.count - here.count)
        source = Prefixed(more, source)
        return here + more
    }

    private func remember(_ bytes: UnsafeRawBufferPointer) {
        let new = unsafe bytes.suffix(Self.maximumTail)
        last = unsafe Array((last + new).suffix(Self.maximumTail))
    }

    /// The offset after the first footer that ends the current stream.
    private func nextEnd(in bytes: UnsafeRawBufferPointer, after start: Int) -> Int? {
        // The sizes of all parts are multiples of four.
        let phase = (position + start) & 3
        var end = start + 4 - phase
        while end <= bytes.count {
            if unsafe bytes[end - 1] == UInt8(ascii: "Z"), unsafe isEnd(end, of: bytes) {
                return end
            }
            end += 4
        }
        return nil
    }

    private func isEnd(_ end: Int, of bytes: UnsafeRawBufferPointer) -> Bool {
        guard let footer = unsafe tail(12, before: end, of: bytes),
            footer.suffix(2) == [UInt8(ascii: "Y"), UInt8(ascii: "Z")],
            Self.number(footer[0..<4]) == Self.checksum(footer[4..<10])
        else { return false }
        let indexSize = (Self.number(footer[4..<8]) + 1) * 4
        guard let tail = unsafe tail(indexSize + 12, before: end, of: bytes),
            let blocks = Self.sizeOfBlocks(in: tail.prefix(indexSize), atMost: position + end)
        else { return false }
        // The header has 12 bytes, like the footer.
        return 12 + blocks + indexSize + 12 == position + end
    }

    /// The last bytes before an offset; nil if they are no longer kept in memory.
    private func tail(
        _ count: Int,
        before end: Int,
        of bytes: UnsafeRawBufferPointer
    ) -> [UInt8]? {
        if count <= end { return unsafe Array(bytes[end - count..<end]) }
        let earlier = count - end
        guard earlier <= last.count else { return nil }
        return unsafe Array(last.suffix(earlier) + Array(bytes[..<end]))
    }
}

// Parsing of the xz format.
extension XZStreams {
    /// The total size of the blocks that an index lists, each filled up to a multiple of four.
    fileprivate static func sizeOfBlocks(in index: ArraySlice<UInt8>, atMost limit: Int) -> Int? {
        let (list, checksum) = (index.dropLast(4), index.suffix(4))
        guard number(checksum) == Self.checksum(list), list.first == 0 else { return nil }
        var rest = list.dropFirst()
        guard let count = integer(&rest), count <= rest.count else { return nil }
        var total = 0
        for _ in 0..<count {
            guard let size = integer(&rest), integer(&rest) != nil, size <= limit else {
                return nil
            }
            total += (size + 3) & ~3
            guard total <= limit else { return nil }
        }
        return total
    }

    /// Takes an integer of variable size, with seven bits in each byte.
    private static func integer(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 63, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// An unsigned integer in little endian.
    fileprivate static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The CRC32 of IEEE 802.3.
    fileprivate static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB8_8320 }
        }
        return Int(~crc)
    }
}
