// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CDeflate
private import CZstd
internal import OCI

/// Compresses chunks of at most `Recipe.chunkSize` bytes, each without the others.
///
/// In a `LayerFrame`, the concatenation of encoded chunks is one valid stream: with gzip, a chunk is
/// some deflate blocks that end on a byte boundary, and with zstd it is a frame (RFC 8878 §3.1).
/// Each worker has its own encoder, whose memory is reused.
@safe package final class ChunkEncoder {
    package let recipe: Recipe
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
        max(rs_deflate_bound(Recipe.chunkSize), ZSTD_compressBound(Recipe.chunkSize))

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

    /// The checksum for the layer's frame; that of no bytes if the encoding needs none.
    package func checksum(_ chunk: UnsafeRawBufferPointer) -> CRC32 {
        recipe.encoding == .gzip ? unsafe CRC32(of: chunk) : CRC32()
    }

    private func gzip(
        _ chunk: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let count = unsafe rs_deflate(
            deflateState,
            chunk.baseAddress,
            chunk.count,
            output.baseAddress,
            output.count,
            CInt(recipe.level)
        )
        precondition(count > 0, "the output buffer holds any chunk")
        return unsafe UnsafeRawBufferPointer(rebasing: output[..<count])
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
