// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import Streams

/// A regular file in the address space of the process.
///
/// Its pages can be dropped by the system at any time, so they don't count as the process's memory.
/// If another process makes the file shorter, a read ends the process with SIGBUS; so only map files
/// that nobody else changes, such as blobs of a locked site and own temporary files.
@safe package final class MappedFile: RandomAccess, Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    package var size: Int { unsafe bytes.count }

    /// Maps the whole file of a descriptor, which the caller keeps and may close afterwards.
    ///
    /// - Throws: `StreamError.system`.
    package init(descriptor: Int32) throws(StreamError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(operation: "look at", errno: errno)
        }
        guard status.st_size > 0 else {
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let size = Int(status.st_size)
        let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else {
            throw .system(operation: "map", errno: errno)
        }
        unsafe bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Maps a file at a path.
    ///
    /// - Throws: `StreamError.system`.
    package convenience init(path: String) throws(StreamError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "open", errno: errno) }
        defer { close(descriptor) }
        try self.init(descriptor: descriptor)
    }

    deinit {
        guard let start = unsafe bytes.baseAddress else { return }
        unsafe munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }

    package func read(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) {
        guard offset >= 0, offset <= size - buffer.count else { throw .truncated }
        unsafe buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
    }
}
