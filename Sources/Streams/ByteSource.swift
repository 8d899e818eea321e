// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A source of bytes, which can be read only once and in order.
package protocol ByteSource: AnyObject {
    /// Fills the buffer and returns the byte count, which is less than the buffer's size only at
    /// the end, and 0 after the end.
    ///
    /// - Throws: `StreamError`; a decoder passes on the error of the source that it reads.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int

    /// The number of bytes that the last call of `read` wrote to the buffer before it threw an error.
    var salvaged: Int { get }
}

extension ByteSource {
    package var salvaged: Int { 0 }
}

/// A decoder of one compressed format.
package protocol StreamDecoder: ByteSource {
    /// Returns the bytes of the source after the compressed stream; call it only after the end of
    /// the content.
    func rest() -> any ByteSource
}

extension ByteSource {
    /// Reads the next bytes; returns fewer than `count` bytes only at the end, even if the source
    /// provides smaller pieces.
    package func bytes(_ count: Int) throws(StreamError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var length = 0
        while length < count {
            let more = unsafe try bytes.withUnsafeMutableBufferPointer {
                (buffer) throws(StreamError) in
                let rest = unsafe UnsafeMutableRawBufferPointer(buffer)[length...]
                return unsafe try read(into: UnsafeMutableRawBufferPointer(rebasing: rest))
            }
            guard more > 0 else { break }
            length += more
        }
        bytes.removeSubrange(length...)
        return bytes
    }

    /// Returns the start of the bytes, to detect their format, and a source of all bytes.
    package func sniffing() throws(StreamError) -> (head: [UInt8], all: any ByteSource) {
        let head = try bytes(StreamFormat.sniffLength)
        return (head, Prefixed(head, self))
    }

    /// Skips zeros, and returns the first bytes after them and a source of all bytes after them;
    /// both are empty if only zeros follow.
    package func skippingZeros() throws(StreamError) -> (head: [UInt8], all: any ByteSource) {
        while true {
            let bytes = try bytes(64 << 10)
            guard !bytes.isEmpty else { return ([], self) }
            guard let start = bytes.firstIndex(where: { $0 != 0 }) else { continue }
            let rest = Prefixed(Array(bytes[start...]), self)
            let head = try rest.bytes(StreamFormat.sniffLength)
            return (head, Prefixed(head, rest))
        }
    }
}

/// Bytes that were already read, followed by the rest of a source.
package final class Prefixed: ByteSource {
    private var head: ArraySlice<UInt8>
    private let rest: any ByteSource
    /// The number of bytes of the head that the last call of `read` returned.
    private var taken = 0

    package var salvaged: Int { taken + rest.salvaged }

    /// Takes over `rest`; the caller must not read from `rest` any more.
    package init(_ head: [UInt8], _ rest: any ByteSource) {
        // Join the two heads if `rest` is a `Prefixed`, because otherwise many consecutive archives
        // would make a long chain of sources.
        if let rest = rest as? Prefixed {
            self.head = rest.head.isEmpty ? head[...] : head + rest.head
            self.rest = rest.rest
        } else {
            self.head = head[...]
            self.rest = rest
        }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        taken = 0
        guard !head.isEmpty else { return unsafe try rest.read(into: buffer) }
        let count = min(head.count, buffer.count)
        unsafe buffer.copyBytes(from: head.prefix(count))
        head = head.dropFirst(count)
        taken = count
        guard count < buffer.count else { return count }
        let more = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        return unsafe try count + rest.read(into: more)
    }
}
