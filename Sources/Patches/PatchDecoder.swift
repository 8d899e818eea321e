// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch
package import Streams

/// Makes the target of a patch.
///
/// The decoder trusts nothing in the patch: it ends after at most as many operations as the target has
/// bytes, reads nothing outside the bases, and uses at most 64 MiB of memory. The caller must check the
/// digest of the result.
@safe package final class PatchDecoder {
    /// The largest part of the target that a sink gets at once, in bytes.
    package static let chunkSize = 1 << 20

    private let bases: [any RandomAccess]
    private let operations: OperationSequence
    private let differences: PatchStreamReader
    private let literals: PatchStreamReader
    private let scratch: UnsafeMutableRawBufferPointer
    /// What is left of the present operation.
    private var operation = OperationSequence.Step(
        kind: Operation.literal,
        base: 0,
        offset: 0,
        length: 0
    )

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
        let header = try PatchHeader(of: patch)
        self.bases = bases
        for (index, layer) in header.bases.enumerated() {
            let size = index < bases.count ? bases[index].size : 0
            guard index < bases.count, size == layer.size else {
                throw .wrongBase(index, size: size, expected: layer.size)
            }
        }
        operations = try OperationSequence(patch, header)
        let sizes = header.streams
        let offset = header.length + sizes[0]
        differences = try PatchStreamReader(patch, offset: offset, size: sizes[1])
        literals = try PatchStreamReader(patch, offset: offset + sizes[1], size: sizes[2])
        unsafe scratch = .allocate(byteCount: 256 << 10, alignment: 64)
    }

    deinit { unsafe scratch.deallocate() }

    /// Makes the target; call it only once.
    ///
    /// - Parameter sink: gets the target in parts of at most `chunkSize` bytes.
    /// - Throws: `PatchError`; `.stream` for an error of the sink.
    package func run(to sink: ByteSink) throws(PatchError) {
        let chunk = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.chunkSize,
            alignment: 64
        )
        defer { unsafe chunk.deallocate() }
        while true {
            let count = unsafe try read(into: chunk)
            guard count > 0 else { return }
            let part = unsafe UnsafeRawBufferPointer(rebasing: chunk[..<count])
            do { unsafe try sink(part) } catch { throw .stream(error) }
        }
    }

    /// Fills the buffer with the next bytes of the target; returns fewer than its size only at the end,
    /// where the patch must end, too.
    ///
    /// - Throws: `PatchError`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(PatchError) -> Int {
        var filled = 0
        while filled < buffer.count {
            if operation.length == 0 {
                guard let next = try operations.next() else {
                    try finish()
                    break
                }
                operation = next
            }
            var count = min(operation.length, buffer.count - filled)
            if operation.kind == Operation.add { count = unsafe min(count, scratch.count) }
            let part = unsafe UnsafeMutableRawBufferPointer(
                rebasing: buffer[filled..<filled + count]
            )
            unsafe try produce(part)
            operation.offset += count
            operation.length -= count
            filled += count
        }
        return filled
    }

    private func finish() throws(PatchError) {
        try operations.finish()
        try differences.finish()
        try literals.finish()
    }

    /// Makes the next bytes of the operation.
    private func produce(_ part: UnsafeMutableRawBufferPointer) throws(PatchError) {
        switch operation.kind {
        case Operation.literal: unsafe try literals.read(into: part)
        case Operation.add:
            unsafe try copy(operation.offset, into: part)
            unsafe try add(to: part)
        default: unsafe try copy(operation.offset, into: part)
        }
    }

    private func copy(
        _ offset: Int,
        into part: UnsafeMutableRawBufferPointer
    ) throws(PatchError) {
        do { unsafe try bases[operation.base].read(at: offset, into: part) } catch {
            throw PatchError(error)
        }
    }

    private func add(to part: UnsafeMutableRawBufferPointer) throws(PatchError) {
        let delta = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[..<part.count])
        unsafe try differences.read(into: delta)
        unsafe rs_add(part.baseAddress, delta.baseAddress, UInt64(part.count))
    }
}

extension PatchError {
    /// The error of a base or of the sink.
    package init(_ error: StreamError) { self = .stream(error) }
}
