// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Something that gives its bytes in order, once.
package protocol ByteSource: AnyObject {
    /// Fills the buffer as far as there are bytes; less than its size only at the end, 0 after it.
    ///
    /// - Throws: what the bytes' origin throws.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int
}

/// A stream, or a file from where it stands.
package final class FileStream: ByteSource {
    private let file: InputFile

    package init(_ file: InputFile) { self.file = file }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        unsafe try file.read(into: buffer)
    }
}

/// Bytes that were read already, and then the rest.
package final class Prefixed: ByteSource {
    private var head: ArraySlice<UInt8>
    private let rest: any ByteSource

    package init(_ head: [UInt8], _ rest: any ByteSource) {
        self.head = head[...]
        self.rest = rest
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        guard !head.isEmpty else { return unsafe try rest.read(into: buffer) }
        let count = min(head.count, buffer.count)
        unsafe buffer.copyBytes(from: head.prefix(count))
        head = head.dropFirst(count)
        guard count < buffer.count else { return count }
        let more = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        return unsafe try count + rest.read(into: more)
    }
}

/// A part of a file, read at its own offsets, so that several may be read at once.
@safe package final class FileRange: ByteSource {
    private let file: InputFile
    private var offset: Int
    private let end: Int

    package init(_ file: InputFile, offset: Int, size: Int) {
        self.file = file
        self.offset = offset
        self.end = offset + size
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let wanted = min(buffer.count, end - offset)
        guard wanted > 0 else { return 0 }
        let count = unsafe try file.read(
            at: offset,
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        )
        guard count == wanted else { throw .truncated }
        offset += count
        return count
    }
}
