// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A source that provides its bytes in order, once.
package protocol ByteSource: AnyObject {
    /// Fills the buffer and returns the byte count, which is less than the buffer's size only at
    /// the end, and 0 after the end.
    ///
    /// - Throws: `StreamError`; a decoder passes on the error of the source that it reads.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int
}

/// Bytes that were already read, followed by the rest of a source.
package final class Prefixed: ByteSource {
    private var head: ArraySlice<UInt8>
    private let rest: any ByteSource

    package init(_ head: [UInt8], _ rest: any ByteSource) {
        self.head = head[...]
        self.rest = rest
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        guard !head.isEmpty else { return unsafe try rest.read(into: buffer) }
        let count = min(head.count, buffer.count)
        unsafe buffer.copyBytes(from: head.prefix(count))
        head = head.dropFirst(count)
        guard count < buffer.count else { return count }
        let more = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        return unsafe try count + rest.read(into: more)
    }
}
