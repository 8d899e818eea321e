// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CZstd
internal import Streams

/// Compresses one of the three streams of a patch to a zstd frame.
///
/// A stream of at most `bufferSize` bytes is compressed at once and best; a longer one has less memory and
/// time for each byte. The result doesn't depend on the pieces in which the bytes arrive, because
/// libzstd always gets full buffers.
@safe final class PatchStreamWriter {
    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private let stream: PatchStream
    private let scratch: any PatchScratch
    private var filled = 0
    private var isLong = false
    /// The compressed bytes so far.
    private(set) var size = 0

    private static let bufferSize = 1 << 20

    init(_ stream: PatchStream, to scratch: any PatchScratch) {
        guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("out of memory") }
        (self.stream, self.scratch) = (stream, scratch)
        unsafe self.context = context
        unsafe buffer = .allocate(byteCount: Self.bufferSize, alignment: 64)
        unsafe output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
        set(ZSTD_c_compressionLevel, 19)
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
        unsafe buffer.deallocate()
        unsafe output.deallocate()
    }

    private func set(_ parameter: ZSTD_cParameter, _ value: CInt) {
        let status = unsafe ZSTD_CCtx_setParameter(context, parameter, value)
        precondition(ZSTD_isError(status) == 0, "libzstd knows this parameter")
    }

    /// Passes the next part of the buffer to a function that fills it; the part has at least one byte
    /// and at most `count`.
    ///
    /// - Returns: the size of the part.
    func fill(
        _ count: Int,
        _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(StreamError) -> Int {
        if unsafe filled == buffer.count { try startLong() }
        let part = unsafe min(count, buffer.count - filled)
        unsafe body(.init(rebasing: buffer[filled..<filled + part]))
        filled += part
        return part
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let count = unsafe try fill(rest.count) { part in
                unsafe part.copyBytes(from: rest.prefix(part.count))
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    private func startLong() throws(StreamError) {
        if !isLong {
            isLong = true
            for (parameter, value) in stream.longParameters { set(parameter, value) }
        }
        try compress(ZSTD_e_continue)
    }

    /// Ends the frame; an empty stream has none.
    func finish() throws(StreamError) {
        guard isLong || filled > 0 else { return }
        if !isLong {
            let status = unsafe ZSTD_CCtx_setPledgedSrcSize(context, UInt64(filled))
            precondition(ZSTD_isError(status) == 0, "the frame hasn't begun")
        }
        try compress(ZSTD_e_end)
    }

    private func compress(_ directive: ZSTD_EndDirective) throws(StreamError) {
        var input = unsafe ZSTD_inBuffer(src: buffer.baseAddress, size: filled, pos: 0)
        var isDone = false
        while !isDone {
            var out = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let rest = unsafe ZSTD_compressStream2(context, &out, &input, directive)
            precondition(ZSTD_isError(rest) == 0, "libzstd compresses anything")
            let isTaken = unsafe input.pos == input.size
            isDone = directive == ZSTD_e_end ? rest == 0 : isTaken
            size += unsafe out.pos
            try unsafe scratch.append(.init(rebasing: output[..<out.pos]), to: stream)
        }
        filled = 0
    }
}

extension PatchStream {
    /// Parameters of libzstd for a stream of more than 1 MiB, found by measurement.
    ///
    /// The differences are mostly zeros, for which a higher level takes much time and gains 2 %. Larger
    /// tables gain less than 1 %.
    fileprivate var longParameters: [(ZSTD_cParameter, CInt)] {
        let level: CInt = self == .literals ? 18 : 17
        return [
            (ZSTD_c_compressionLevel, level), (ZSTD_c_windowLog, 22), (ZSTD_c_chainLog, 20),
            (ZSTD_c_hashLog, 20),
        ]
    }
}
