// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// Bytes in memory.
package final class MemoryBytes: RandomAccess {
    private let bytes: [UInt8]

    package var size: Int { bytes.count }

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package func read(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) {
        guard offset >= 0, offset <= bytes.count - buffer.count else { throw .truncated }
        unsafe buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
    }
}
