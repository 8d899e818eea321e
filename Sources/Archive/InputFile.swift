// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import Streams

/// A read-only file or folder; all inputs are opened here.
package final class InputFile: Sendable {
    package enum Kind: Sendable {
        case file(size: Int)
        case folder
        /// A pipe, socket or terminal, whose bytes can be read only once and in order.
        case stream
    }

    package let descriptor: Int32
    package let kind: Kind
    private let owned: Bool

    /// Opens a path.
    ///
    /// A path that names a pipe (`/dev/stdin`, `<(…)`) is a stream.
    package convenience init(path: String) throws(ArchiveError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "open", errno: errno) }
        try self.init(descriptor: descriptor, owned: true)
    }

    /// Standard input.
    package static func standardInput() throws(ArchiveError) -> InputFile {
        try InputFile(descriptor: 0, owned: false)
    }

    private init(descriptor: Int32, owned: Bool) throws(ArchiveError) {
        self.descriptor = descriptor
        self.owned = owned
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(operation: "stat", errno: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file(size: Int(status.st_size))
        case S_IFDIR: kind = .folder
        default: kind = .stream
        }
    }

    deinit {
        if owned { close(descriptor) }
    }

    /// Opens a regular file below this folder; a link on the way is an error.
    package func open(relative path: MemberPath) throws(ArchiveError) -> InputFile {
        let file = try open(path.components, O_NONBLOCK)
        guard case .file = file.kind else { throw .system(operation: "open", errno: EINVAL) }
        return file
    }

    /// Opens a folder below this one; nil if it doesn't exist or isn't a folder.
    ///
    /// - Throws: `ArchiveError.link` if a symbolic link is in the folder's place, `.system` for
    ///   other errors.
    package func folder(_ path: MemberPath) throws(ArchiveError) -> InputFile? {
        var folder = self
        for component in path.components {
            do throws(ArchiveError) {
                folder = try folder.open(component, O_DIRECTORY)
            } catch .stream(.system(_, ENOENT)) {
                return nil
            } catch .stream(.system(_, ENOTDIR)) {
                guard try folder.entry(String(component)) == .link else { return nil }
                throw .link(path.description)
            }
        }
        return folder
    }

    private func open(
        _ components: [Substring],
        _ flags: Int32
    ) throws(ArchiveError) -> InputFile {
        var folder = self
        for component in components.dropLast() { folder = try folder.open(component, O_DIRECTORY) }
        return try folder.open(components.last ?? ".", flags)
    }

    private func open(_ component: Substring, _ flags: Int32) throws(ArchiveError) -> InputFile {
        let opened = unsafe FileName.withCString(String(component)) { name in
            unsafe openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags)
        }
        guard let opened, opened >= 0 else { throw .system(operation: "open", errno: errno) }
        return try InputFile(descriptor: opened, owned: true)
    }

    /// Reads a regular file from an offset; returns fewer bytes than requested only at its end.
    package func read(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Int {
        do throws(SystemRead.Failure) {
            return unsafe try SystemRead.fill(buffer, from: descriptor, at: offset)
        } catch {
            throw .system(operation: "read", errno: error.errno)
        }
    }
}

extension InputFile {
    /// Moves to an offset of a regular file.
    package func seek(to offset: Int) throws(ArchiveError) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw .system(operation: "seek", errno: errno)
        }
    }

    /// Reads the next bytes; returns fewer than requested only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        do throws(SystemRead.Failure) {
            return unsafe try SystemRead.fill(buffer, from: descriptor)
        } catch {
            throw .system(operation: "read", errno: error.errno)
        }
    }
}
