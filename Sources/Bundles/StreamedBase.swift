// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Patches
internal import Store
internal import Streams

/// A base that is decompressed once, while a patch reads it.
///
/// The last bytes stay in memory. Bytes that the patch reads later are known in advance, and go to a
/// temporary file when they pass by. Nothing checks these bytes against the base's digest, so the
/// digest of the patch's result decides whether they were right.
@safe final class StreamedBase: RandomAccess {
    /// The size that the patch names, in bytes; the layer may have another one.
    let size: Int
    /// The error that ended the bytes.
    private(set) var failure: StreamError?

    private let source: any ByteSource
    private let late: LateBytes
    /// The byte at offset n of the base is at n modulo the size of the ring.
    private let ring: UnsafeMutableRawBufferPointer
    /// The number of decompressed bytes.
    private var position = 0

    /// The bytes that are decompressed at once; they stay in the processor's cache until they are
    /// used.
    private static let step = 256 << 10

    /// - Parameters:
    ///   - source: the raw bytes of the layer.
    ///   - size: the size that the patch names, in bytes.
    ///   - reads: what the patch reads, found with this window.
    ///   - window: the number of bytes that can be read again.
    ///   - store: the store for the temporary file.
    /// - Throws: `FileError`.
    init(
        _ source: any ByteSource,
        size: Int,
        reads: BaseReads,
        window: Int,
        store: BlobStore
    ) throws(FileError) {
        (self.source, self.size) = (source, size)
        late = try LateBytes(reads.late, in: store)
        // The position is up to a step further than what was read.
        let steps = (window + Self.step - 1) / Self.step + 1
        unsafe ring = .allocate(byteCount: steps * Self.step, alignment: 4096)
    }

    deinit { unsafe ring.deallocate() }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) {
        guard offset >= 0, offset <= size - buffer.count else { throw .truncated }
        do {
            var done = 0
            while done < buffer.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                done += unsafe try readSome(at: offset + done, into: rest)
            }
        } catch {
            failure = error
            throw error
        }
    }

    /// Fills the start of the buffer, and returns the number of bytes.
    private func readSome(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Int {
        while offset >= position { try advance() }
        guard unsafe offset >= position - ring.count else {
            return unsafe try late.read(at: offset, into: buffer)
        }
        let place = unsafe offset % ring.count
        let count = unsafe min(buffer.count, position - offset, ring.count - place)
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: ring[place..<place + count])
        unsafe buffer.copyMemory(from: bytes)
        return count
    }

    /// Decompresses the next bytes.
    private func advance() throws(StreamError) {
        let place = unsafe position % ring.count
        let wanted = unsafe min(Self.step, size - position, ring.count - place)
        let next = unsafe UnsafeMutableRawBufferPointer(rebasing: ring[place..<place + wanted])
        let count = unsafe try source.read(into: next)
        guard count == wanted, count > 0 else { throw .truncated }
        unsafe try late.take(UnsafeRawBufferPointer(next), at: position)
        position += count
    }
}

/// The bytes of some ranges, in a temporary file.
private final class LateBytes {
    private let ranges: [Range<Int>]
    /// The place of each range in the file.
    private let places: [Int]
    /// Nil if there are no ranges.
    private let file: ScratchFile?
    /// The first range that isn't complete.
    private var next = 0

    init(_ ranges: [Range<Int>], in store: BlobStore) throws(FileError) {
        self.ranges = ranges
        var places: [Int] = []
        var size = 0
        for range in ranges {
            places.append(size)
            size += range.count
        }
        self.places = places
        file = ranges.isEmpty ? nil : try store.makeScratchFile()
    }

    /// Keeps those of the bytes that are in a range; calls have increasing offsets.
    func take(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StreamError) {
        let all = offset..<offset + bytes.count
        while next < ranges.count, ranges[next].lowerBound < all.upperBound {
            let part = ranges[next].clamped(to: all)
            let place = part.lowerBound - offset..<part.upperBound - offset
            do {
                unsafe try file?.append(UnsafeRawBufferPointer(rebasing: bytes[place]))
            } catch { throw .store(error) }
            guard ranges[next].upperBound <= all.upperBound else { return }
            next += 1
        }
    }

    /// Reads bytes up to the end of their range; returns their number.
    func read(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Int {
        guard let file, let index = index(of: offset) else { throw .truncated }
        let wanted = min(buffer.count, ranges[index].upperBound - offset)
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        let place = places[index] + offset - ranges[index].lowerBound
        let count: Int
        do { count = unsafe try file.read(at: place, into: part) } catch { throw .store(error) }
        guard count == wanted else { throw .truncated }
        return count
    }

    /// The range that has an offset, by binary search.
    private func index(of offset: Int) -> Int? {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(offset) ? low : nil
    }
}
