// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A regular file that is read from start to end.
package final class FileReader: Sendable {
    private let descriptor: Int32
    private let path: String
    /// Bytes, when it was opened.
    package let size: Int

    /// Takes over a descriptor; closes it and gives nil if it is no regular file's.
    init?(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills the buffer; less than its size only at the file's end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = unsafe Glibc.read(
                descriptor,
                buffer.baseAddress?.advanced(by: done),
                buffer.count - done
            )
            if count == 0 { break }
            if count > 0 { done += count; continue }
            guard errno == EINTR else { throw .last("read", path) }
        }
        return done
    }
}
