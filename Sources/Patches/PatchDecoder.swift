// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch
package import Streams

/// Bytes that can be read at any place: a patch, or a base.
package protocol RandomAccess: AnyObject {
    /// The number of bytes.
    var size: Int { get }

    /// Fills the buffer with the bytes from `offset` on, which are all within `size`.
    ///
    /// - Throws: `StreamError`; `.truncated` if the bytes end earlier than `size` says.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StreamError)
}

/// Gets bytes in order, part by part.
package typealias ByteSink = (UnsafeRawBufferPointer) throws(StreamError) -> Void

/// Makes the target of a patch.
///
/// The decoder trusts nothing in the patch: it ends after at most as many operations as the target has
/// bytes, reads nothing outside the bases, and uses at most 64 MiB of memory. The caller must check the
/// digest of the result.
@safe package final class PatchDecoder {
    /// The largest part of the target that the sink gets at once, in bytes.
    package static let chunkSize = 1 << 20

    private let header: PatchHeader
    private let bases: [any RandomAccess]
    private let operations: OperationReader
    private let differences: PatchStreamReader
    private let literals: PatchStreamReader
    private let chunk: UnsafeMutableRawBufferPointer
    private let scratch: UnsafeMutableRawBufferPointer
    /// The number of bytes in the chunk.
    private var filled = 0
    /// What is left of the target in bytes.
    private var left: Int
    private var base = 0
    /// For each base, the end of the last bytes that were used.
    private var expected: [Int]

    /// Reads the header of a patch, and opens its streams.
    ///
    /// - Parameters:
    ///   - patch: the bytes of the patch.
    ///   - bases: the files of `header.bases`, in this order.
    /// - Throws: `PatchError`; `.wrongBase` if the size of a base isn't the one in the header.
    package init(
        _ patch: some RandomAccess,
        bases: [any RandomAccess]
    ) throws(PatchError) {
        header = try PatchHeader(of: patch)
        self.bases = bases
        for (index, layer) in header.bases.enumerated() {
            let size = index < bases.count ? bases[index].size : 0
            guard index < bases.count, size == layer.size else {
                throw .wrongBase(index, size: size, expected: layer.size)
            }
        }
        let sizes = header.streams
        var offset = header.length
        operations = OperationReader(try PatchStreamReader(patch, offset: offset, size: sizes[0]))
        offset += sizes[0]
        differences = try PatchStreamReader(patch, offset: offset, size: sizes[1])
        literals = try PatchStreamReader(patch, offset: offset + sizes[1], size: sizes[2])
        left = header.target.size
        expected = Array(repeating: 0, count: bases.count)
        unsafe chunk = .allocate(byteCount: Self.chunkSize, alignment: 64)
        unsafe scratch = .allocate(byteCount: 256 << 10, alignment: 64)
    }

    deinit {
        unsafe chunk.deallocate()
        unsafe scratch.deallocate()
    }

    /// Makes the target; call it only once.
    ///
    /// - Parameter sink: gets the target in parts of at most `chunkSize` bytes.
    /// - Throws: `PatchError`; `.stream` for an error of the sink.
    package func run(to sink: ByteSink) throws(PatchError) {
        while left > 0 { unsafe try step(sink) }
        if filled > 0 { unsafe try flush(to: sink) }
        try operations.finish()
        try differences.finish()
        try literals.finish()
    }

    private func step(_ sink: ByteSink) throws(PatchError) {
        var (kind, value) = try operations.operation()
        if kind == Operation.base {
            guard value < bases.count, value != base else { throw .damaged(.base) }
            base = value
            (kind, value) = try operations.operation()
            guard kind == Operation.copy || kind == Operation.add else { throw .damaged(.base) }
        }
        guard value > 0, value <= left else { throw .damaged(.length) }
        var offset = 0
        if kind != Operation.literal {
            offset = try place(length: value)
            expected[base] = offset + value
        }
        left -= value
        unsafe try produce(kind, from: offset, length: value, sink)
    }

    /// Reads the place of bytes in the base.
    private func place(length: Int) throws(PatchError) -> Int {
        let distance = PatchNumber.signed(try operations.number())
        let (offset, isTooFar) = expected[base].addingReportingOverflow(distance)
        guard !isTooFar, offset >= 0, length <= bases[base].size, offset <= bases[base].size - length
        else { throw .damaged(.offset) }
        return offset
    }

    /// Makes the bytes of one operation.
    private func produce(
        _ kind: Int,
        from offset: Int,
        length: Int,
        _ sink: ByteSink
    ) throws(PatchError) {
        var done = 0
        while done < length {
            var count = unsafe min(length - done, chunk.count - filled)
            if kind == Operation.add { count = unsafe min(count, scratch.count) }
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: chunk[filled..<filled + count])
            switch kind {
            case Operation.literal: unsafe try literals.read(into: part)
            case Operation.add:
                unsafe try copy(offset + done, into: part)
                unsafe try add(to: part)
            default: unsafe try copy(offset + done, into: part)
            }
            done += count
            filled += count
            if unsafe filled == chunk.count { unsafe try flush(to: sink) }
        }
    }

    private func copy(
        _ offset: Int,
        into part: UnsafeMutableRawBufferPointer
    ) throws(PatchError) {
        do { unsafe try bases[base].read(at: offset, into: part) } catch { throw .stream(error) }
    }

    private func add(to part: UnsafeMutableRawBufferPointer) throws(PatchError) {
        let delta = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[..<part.count])
        unsafe try differences.read(into: delta)
        unsafe rs_add(part.baseAddress, delta.baseAddress, UInt64(part.count))
    }

    private func flush(to sink: ByteSink) throws(PatchError) {
        let part = unsafe UnsafeRawBufferPointer(rebasing: chunk[..<filled])
        do { unsafe try sink(part) } catch { throw .stream(error) }
        filled = 0
    }
}

/// The numbers in the stream of operations.
@safe private final class OperationReader {
    private let stream: PatchStreamReader
    private let buffer: UnsafeMutableRawBufferPointer
    private var (position, count) = (0, 0)

    init(_ stream: PatchStreamReader) {
        self.stream = stream
        unsafe buffer = .allocate(byteCount: 64 << 10, alignment: 64)
    }

    deinit { unsafe buffer.deallocate() }

    func number() throws(PatchError) -> Int {
        try PatchNumber.read { () throws(PatchError) in
            if position == count {
                position = 0
                count = unsafe try stream.readSome(into: buffer)
            }
            position += 1
            return unsafe buffer[position - 1]
        }
    }

    func operation() throws(PatchError) -> (kind: Int, value: Int) {
        let number = try number()
        return (number & 3, number >> 2)
    }

    func finish() throws(PatchError) {
        guard position == count else { throw .damaged(.trailing) }
        try stream.finish()
    }
}
