// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The bytes around the encoded chunks of a layer.
///
/// A gzip layer is one member, because some clients read ahead and must stop at the end of each
/// member. Its chunks are blocks of the member, and only the trailer depends on all of them.
package struct LayerFrame: Sendable {
    private let encoding: LayerEncoding
    private var checksum = CRC32()

    package init(_ recipe: Recipe) { encoding = recipe.encoding }

    /// The bytes before the first chunk: for gzip, the header by RFC 1952 §2.3.
    ///
    /// It names deflate, no flags, no time and an unknown system, so that it is the same on every
    /// machine.
    package var header: [UInt8] {
        encoding == .gzip ? [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] : []
    }

    /// Adds the checksum of the next chunk.
    package mutating func append(_ next: CRC32) { checksum.append(next) }

    /// The bytes after the last chunk: for gzip, an empty final block, the checksum and the length.
    package var trailer: [UInt8] {
        guard encoding == .gzip else { return [] }
        return [3, 0] + bytes(checksum.value) + bytes(UInt32(truncatingIfNeeded: checksum.count))
    }

    /// The annotations for the layer's descriptor, complete after the last chunk.
    ///
    /// No encoding has any today. An encoding with a table of contents names the table here.
    package var annotations: [JSON.Member] { [] }

    private func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
