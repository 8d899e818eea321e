// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// A source of the bytes of a stream, or of a file from its current position.
package final class FileStream: ByteSource {
    private let file: InputFile

    package init(_ file: InputFile) { self.file = file }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        unsafe try file.read(into: buffer)
    }
}

/// A part of a file, read at explicit offsets, so that several parts can be read concurrently.
@safe package final class FileRange: ByteSource {
    private let file: InputFile
    private var offset: Int
    private let end: Int

    /// The descriptor of the file if no byte was read yet and the part is the whole file.
    package var wholeFile: Int32? {
        guard case .file(let size) = file.kind, offset == 0, end == size else { return nil }
        return file.descriptor
    }

    package init(_ file: InputFile, offset: Int, size: Int) {
        self.file = file
        self.offset = offset
        self.end = offset + size
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
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
