// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
package import Streams

/// A regular file that is read from start to end.
package final class FileReader: Sendable {
    /// The open file, for calls that need one; the reader closes it.
    package let descriptor: Int32
    private let path: String
    /// Size in bytes when the file was opened.
    package let size: Int

    /// Takes ownership of a descriptor; closes it and returns nil if it isn't a regular file.
    init?(descriptor: Int32, path: String) throws(FileError) {
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            defer { close(descriptor) }
            throw .last("look at", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        size = Int(status.st_size)
    }

    /// Opens a file at a path that the user gave; nil if it isn't a regular file.
    package convenience init?(_ path: String) throws(FileError) {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw .last("open", path) }
        try self.init(descriptor: opened, path: path)
    }

    deinit { close(descriptor) }

    /// The first part of a path that is a symbolic link to something that doesn't exist; nil if
    /// there is none.
    package static func danglingLink(_ path: String) -> String? {
        let ends = path.indices.filter { path[$0] == "/" && $0 != path.startIndex }
        return (ends + [path.endIndex]).map { String(path[..<$0]) }
            .first { part in
                var status = stat()
                guard unsafe lstat(part, &status) == 0 else { return false }
                return unsafe stat(part, &status) != 0
            }
    }

    /// Reads the whole file; nil if it is larger than the limit or shrinks during the read.
    package func contents(limit: Int) throws(FileError) -> [UInt8]? {
        guard size <= limit else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        let count = unsafe try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
            unsafe try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return count == bytes.count ? bytes : nil
    }

    /// Reads at most the given number of bytes from the start of the file.
    package func start(limit: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(size, limit))
        let count = unsafe try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
            unsafe try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return Array(bytes.prefix(count))
    }

    /// Whether the file has exactly these bytes.
    func holds(_ bytes: [UInt8]) throws(FileError) -> Bool {
        guard size == bytes.count else { return false }
        let part = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(size, 1 << 16),
            alignment: 64
        )
        defer { unsafe part.deallocate() }
        var done = 0
        while done < size {
            let count = unsafe try read(into: part)
            guard count > 0, done + count <= size else { return false }
            let isSame = unsafe bytes[done..<done + count].elementsEqual(part.prefix(count))
            guard isSame else { return false }
            done += count
        }
        return true
    }

    /// Fills the buffer, and returns the number of bytes read, which is less than the buffer's size
    /// only at the end of the file.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        do throws(SystemRead.Failure) {
            return unsafe try SystemRead.fill(buffer, from: descriptor)
        } catch {
            throw FileError("read", path, code: error.errno)
        }
    }

    /// Fills the buffer from an offset, and returns the number of bytes read, which is less than the
    /// buffer's size only at the end of the file.
    package func read(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileError) -> Int {
        do throws(SystemRead.Failure) {
            return unsafe try SystemRead.fill(buffer, from: descriptor, at: offset)
        } catch {
            throw FileError("read", path, code: error.errno)
        }
    }

    /// Hashes the file, and passes on each part of it.
    func digest(
        each: (UnsafeRawBufferPointer) throws(FileError) -> Void = { _ in }
    ) throws(FileError) -> Digest {
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        while true {
            let count = unsafe try read(into: buffer)
            guard count > 0 else { return hash.finish() }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe hash.update(bytes)
            unsafe try each(bytes)
        }
    }

    /// Hashes the next bytes, and passes on each part of them; nil if the file has fewer bytes.
    package func digest(
        ofNext count: Int,
        each: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) -> Digest? {
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        var left = count
        while left > 0 {
            let wanted = min(left, buffer.count)
            let count = unsafe try read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
            )
            guard count == wanted else { return nil }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe hash.update(bytes)
            unsafe try each(bytes)
            left -= count
        }
        return hash.finish()
    }
}
