// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// The only loop in regstatic that reads from a file descriptor.
package enum SystemRead {
    /// Fills a buffer; reads fewer bytes than its size only at the end of the file or stream.
    ///
    /// - Parameters:
    ///   - buffer: the buffer to fill.
    ///   - descriptor: the open file.
    ///   - offset: where to start in a regular file; nil for the descriptor's own position.
    /// - Returns: the number of bytes.
    /// - Throws: `Failure` with the error of the system call.
    package static func fill(
        _ buffer: UnsafeMutableRawBufferPointer,
        from descriptor: Int32,
        at offset: Int? = nil
    ) throws(Failure) -> Int {
        var done = 0
        while done < buffer.count {
            let start = unsafe buffer.baseAddress?.advanced(by: done)
            let count =
                if let offset {
                    unsafe pread(descriptor, start, buffer.count - done, off_t(offset + done))
                } else {
                    unsafe read(descriptor, start, buffer.count - done)
                }
            if count == 0 { break }
            if count > 0 { done += count; continue }
            guard errno == EINTR else { throw Failure(errno: errno) }
        }
        return done
    }

    /// The `errno` of the failed call.
    package struct Failure: Error {
        package let errno: Int32
    }
}
