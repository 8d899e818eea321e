// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A piece of a layer in raw and in encoded form, with the memory for both forms.
///
/// Threads pass chunks to each other; only the current owner may access a chunk.
@safe package final class Chunk: Sendable {
    /// The memory for the raw bytes.
    nonisolated(unsafe) package let buffer: UnsafeMutableRawBufferPointer
    nonisolated(unsafe) private let output: UnsafeMutableRawBufferPointer
    nonisolated(unsafe) package private(set) var raw: UnsafeRawBufferPointer
    /// The encoded bytes, which are the raw ones if the recipe has no encoding.
    nonisolated(unsafe) package private(set) var encoded: UnsafeRawBufferPointer
    /// The checksum of the raw bytes, if the layer's frame needs one.
    nonisolated(unsafe) package private(set) var checksum = CRC32()

    package init() {
        unsafe buffer = .allocate(byteCount: Recipe.chunkSize, alignment: 4096)
        unsafe output = .allocate(byteCount: ChunkEncoder.outputSize, alignment: 4096)
        unsafe raw = UnsafeRawBufferPointer(rebasing: buffer[..<0])
        unsafe encoded = raw
    }

    deinit {
        unsafe buffer.deallocate()
        unsafe output.deallocate()
    }

    /// Sets the raw bytes to the first `count` bytes of `buffer`.
    package func fill(_ count: Int) {
        unsafe raw = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        unsafe encoded = raw
    }

    package func encode(_ encoder: ChunkEncoder) {
        unsafe encoded = encoder.encode(raw, into: output)
        unsafe checksum = encoder.checksum(raw)
    }
}
