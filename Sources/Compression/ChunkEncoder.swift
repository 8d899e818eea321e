// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CDeflate
private import CISAL
private import CZstd
internal import OCI

/// Compresses chunks of at most `Recipe.chunkSize` bytes, each into its own stream.
///
/// By RFC 1952 §2.2 and RFC 8878 §3.1, the concatenation of such streams is one valid stream. Each
/// worker has its own encoder, whose memory is reused.
@safe package final class ChunkEncoder {
    private let recipe: Recipe
    private let deflateState: UnsafeMutableRawPointer?
    private let zstdContext: OpaquePointer?

    package init(_ recipe: Recipe) {
        self.recipe = recipe
        unsafe deflateState =
            recipe.encoding == .gzip
            ? .allocate(byteCount: rs_deflate_state_size(), alignment: 64) : nil
        unsafe zstdContext = unsafe recipe.encoding == .zstd ? ZSTD_createCCtx() : nil
    }

    deinit {
        unsafe deflateState?.deallocate()
        unsafe ZSTD_freeCCtx(zstdContext)
    }

    /// The largest possible size of an encoded chunk in bytes.
    package static let outputSize =
        max(rs_deflate_bound(Recipe.chunkSize), ZSTD_compressBound(Recipe.chunkSize)) + gzipFrame

    /// Encodes a chunk; returns a part of `output`, or the chunk itself if the recipe has no
    /// encoding.
    package func encode(
        _ chunk: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        precondition(
            chunk.count <= Recipe.chunkSize,
            "a chunk is at most \(Recipe.chunkSize) bytes"
        )
        switch recipe.encoding {
        case .none: return unsafe chunk
        case .gzip: return unsafe gzip(chunk, into: output)
        case .zstd: return unsafe zstd(chunk, into: output)
        }
    }

    /// The size of a gzip member's header and trailer in bytes.
    private static let gzipFrame = 18

    /// The gzip header by RFC 1952 §2.3: deflate, no flags, no time and an unknown system, so that
    /// all machines write the same header.
    private static let gzipHeader: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    private func gzip(
        _ chunk: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        unsafe output.copyBytes(from: Self.gzipHeader)
        let body = unsafe UnsafeMutableRawBufferPointer(rebasing: output[Self.gzipHeader.count...])
        let count = unsafe rs_deflate(
            deflateState,
            chunk.baseAddress,
            chunk.count,
            body.baseAddress,
            body.count - 8,
            CInt(recipe.level)
        )
        precondition(count > 0, "the output buffer holds any chunk")
        let checksum = unsafe crc32_gzip_refl(
            0,
            chunk.baseAddress?.assumingMemoryBound(to: UInt8.self),
            UInt64(chunk.count)
        )
        unsafe body.storeBytes(of: checksum.littleEndian, toByteOffset: count, as: UInt32.self)
        unsafe body.storeBytes(
            of: UInt32(chunk.count).littleEndian,
            toByteOffset: count + 4,
            as: UInt32.self
        )
        return unsafe UnsafeRawBufferPointer(
            rebasing: output[..<(Self.gzipHeader.count + count + 8)]
        )
    }

    private func zstd(
        _ chunk: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let count = unsafe ZSTD_compressCCtx(
            zstdContext,
            output.baseAddress,
            output.count,
            chunk.baseAddress,
            chunk.count,
            CInt(recipe.level)
        )
        precondition(ZSTD_isError(count) == 0, "the output buffer holds any chunk")
        return unsafe UnsafeRawBufferPointer(rebasing: output[..<count])
    }
}
