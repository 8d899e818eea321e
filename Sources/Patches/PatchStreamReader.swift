// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CZstd
internal import Streams

/// The content of one of the three streams of a patch: a zstd frame (RFC 8878), or nothing.
@safe final class PatchStreamReader {
    private let patch: any RandomAccess
    private var offset: Int
    private let end: Int
    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    private var input = unsafe ZSTD_inBuffer()
    private var isAtEnd: Bool

    /// The limit for the memory window of a frame, 16 MiB.
    private static let maximumWindowLog: CInt = 24
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    /// - Parameters:
    ///   - patch: the bytes of the patch.
    ///   - offset: the place of the stream.
    ///   - size: the compressed size in bytes; the stream is within the patch.
    /// - Throws: `PatchError`.
    init(_ patch: any RandomAccess, offset: Int, size: Int) throws(PatchError) {
        guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("out of memory") }
        self.patch = patch
        self.offset = offset
        end = offset + size
        isAtEnd = size == 0
        unsafe self.context = context
        unsafe buffer = .allocate(byteCount: 64 << 10, alignment: 64)
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.maximumWindowLog)
        if !isAtEnd { try checkMagic() }
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe buffer.deallocate()
    }

    /// libzstd also reads skippable frames, and the formats of its first versions.
    private func checkMagic() throws(PatchError) {
        try refill()
        guard unsafe buffer.prefix(min(4, input.size)).elementsEqual(Self.magic) else {
            throw .damaged(.zstd("no zstd frame"))
        }
    }

    /// Fills the buffer.
    func read(into target: UnsafeMutableRawBufferPointer) throws(PatchError) {
        guard unsafe try decompress(into: target) == target.count else {
            throw .damaged(.truncated)
        }
    }

    /// Returns as many bytes as there are, but at least one.
    func readSome(into target: UnsafeMutableRawBufferPointer) throws(PatchError) -> Int {
        let count = unsafe try decompress(into: target, atOnce: false)
        guard count > 0 else { throw .damaged(.truncated) }
        return count
    }

    /// Checks that nothing follows.
    func finish() throws(PatchError) {
        let isOver = unsafe try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
            (byte) throws(PatchError) in unsafe try decompress(into: byte) == 0
        }
        guard isOver, offset == end, unsafe input.pos == input.size else {
            throw .damaged(.trailing)
        }
    }

    /// Decompresses until the buffer is full, or, unless `atOnce`, until it has some bytes.
    ///
    /// - Returns: the number of bytes, which is smaller only at the end of the frame.
    private func decompress(
        into target: UnsafeMutableRawBufferPointer,
        atOnce: Bool = true
    ) throws(PatchError) -> Int {
        var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        while !isAtEnd, unsafe output.pos < output.size {
            let before = unsafe (input: input.pos, output: output.pos)
            let status = unsafe ZSTD_decompressStream(context, &output, &input)
            guard ZSTD_isError(status) == 0 else {
                let reason = unsafe ZSTD_getErrorName(status).map { unsafe String(cString: $0) }
                throw .damaged(.zstd(reason ?? "unknown"))
            }
            isAtEnd = status == 0
            if unsafe !atOnce && output.pos > 0 { break }
            if !isAtEnd, unsafe before == (input.pos, output.pos) { try refill() }
        }
        return unsafe output.pos
    }

    private func refill() throws(PatchError) {
        guard offset < end else { throw .damaged(.truncated) }
        let count = unsafe min(buffer.count, end - offset)
        do {
            unsafe try patch.read(at: offset, into: .init(rebasing: buffer[..<count]))
        } catch { throw .stream(error) }
        offset += count
        unsafe input = ZSTD_inBuffer(src: buffer.baseAddress, size: count, pos: 0)
    }
}
