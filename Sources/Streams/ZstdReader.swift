// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CZstd

/// The content of a zstd stream of one or more frames, decompressed by libzstd.
///
/// Skippable frames are allowed at any place. RFC 8878.
@safe package final class ZstdReader: StreamDecoder {
    private let source: any ByteSource
    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private var input = unsafe ZSTD_inBuffer()
    /// Whether the last frame is complete; otherwise the input must not end.
    private var isBetweenFrames = true
    private var isAtEnd = false
    package private(set) var salvaged = 0

    package init(_ source: any ByteSource) {
        guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("out of memory") }
        self.source = source
        unsafe self.context = context
        unsafe buffer = .allocate(byteCount: 256 << 10, alignment: 64)
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.maximumWindowLog)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe buffer.deallocate()
    }

    /// The limit for the memory window of a frame, 64 MiB.
    ///
    /// Engines write windows of at most 8 MiB.
    private static let maximumWindowLog: CInt = 26

    package func read(into target: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        do {
            unsafe try decompress(into: &output)
        } catch {
            salvaged = unsafe output.pos
            throw error
        }
        return unsafe output.pos
    }

    private func decompress(into output: inout ZSTD_outBuffer) throws(StreamError) {
        while !isAtEnd, unsafe output.pos < output.size {
            let hasInput = try refill()
            if isBetweenFrames, unsafe !hasInput || !mayBeginFrame(input) {
                isAtEnd = true
                break
            }
            let before = unsafe output.pos
            let status = unsafe ZSTD_decompressStream(context, &output, &input)
            guard ZSTD_isError(status) == 0 else {
                let reason = unsafe ZSTD_getErrorName(status).map { unsafe String(cString: $0) }
                throw .damaged("the zstd stream is invalid: \(reason ?? "unknown")")
            }
            isBetweenFrames = status == 0
            if !hasInput, unsafe output.pos == before, !isBetweenFrames { throw .truncated }
        }
    }

    package func rest() -> any ByteSource {
        let unread = unsafe UnsafeRawBufferPointer(start: input.src, count: input.size)
        return unsafe Prefixed(Array(unread.dropFirst(input.pos)), source)
    }

    /// Whether the next byte can begin the magic number of a frame or of a skippable frame.
    private func mayBeginFrame(_ input: ZSTD_inBuffer) -> Bool {
        let next = unsafe UnsafeRawBufferPointer(start: input.src, count: input.size)[input.pos]
        return next == 0x28 || (0x50...0x5F).contains(next)
    }

    /// Reads more input if the buffer is used up, and returns false at the end of the input.
    private func refill() throws(StreamError) -> Bool {
        guard unsafe input.pos == input.size else { return true }
        let count = unsafe try source.read(into: buffer)
        unsafe input = ZSTD_inBuffer(src: buffer.baseAddress, size: count, pos: 0)
        return count > 0
    }
}
