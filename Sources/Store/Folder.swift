// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc

/// A folder on disk and everything below it, by relative path: the only file-system calls that
/// write.
///
/// Modes are explicit (0644, 0755; 0600 for keys), so a site doesn't depend on the umask.
package final class Folder: Sendable {
    /// As the user wrote it, for messages.
    package let path: String
    let descriptor: Int32

    /// Opens a folder; creates it first if asked to.
    package init(_ path: String, creating: Bool) throws(FileError) {
        self.path = path
        if creating { try Self.makeFolders(path) }
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
    }

    deinit { close(descriptor) }

    /// The path of something below, for messages.
    package func absolute(_ relative: String) -> String { "\(path)/\(relative)" }

    // MARK: Looking

    package enum Status: Hashable, Sendable {
        case file(size: Int)
        case folder
        case link
        case other
    }

    /// What stands at a path, links not followed; nil for nothing.
    package func status(_ relative: String) throws(FileError) -> Status? {
        var status = stat()
        guard unsafe fstatat(descriptor, relative, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .last("look at", absolute(relative))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(size: Int(status.st_size))
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// The target of a symbolic link; nil if there is no link.
    package func linkTarget(_ relative: String) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = unsafe readlinkat(descriptor, relative, start, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return unsafe String(
                decoding: UnsafeRawBufferPointer(buffer)[..<count],
                as: UTF8.self
            )
        }
    }

    /// Names in a folder, sorted bytewise; none if it doesn't exist.
    package func names(in relative: String) throws(FileError) -> [String] {
        try entries(in: relative).map(\.name)
    }

    /// The same, with what may be a folder; not every file system says.
    private func entries(in relative: String) throws(FileError) -> [(
        name: String, maybeFolder: Bool
    )] {
        let opened = unsafe openat(descriptor, relative, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw .last("open", absolute(relative))
        }
        guard let stream = unsafe fdopendir(opened) else { throw .last("list", absolute(relative)) }
        defer { unsafe closedir(stream) }
        var entries: [(name: String, maybeFolder: Bool)] = []
        while let entry = unsafe readdir(stream) {
            let type = unsafe Int(entry.pointee.d_type)
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe String(
                    cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
                )
            }
            guard name != ".", name != ".." else { continue }
            entries.append((name, type == DT_DIR || type == DT_UNKNOWN))
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    // MARK: Reading

    /// A whole small file; nil if it doesn't exist or is larger than the limit.
    package func contents(_ relative: String, limit: Int) throws(FileError) -> [UInt8]? {
        try reader(relative)?.contents(limit: limit)
    }

    /// Opens a regular file for reading; nil if there is none, or something else of that name.
    package func reader(_ relative: String) throws(FileError) -> FileReader? {
        let opened = unsafe openat(
            descriptor,
            relative,
            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        )
        guard opened >= 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
            throw .last("open", absolute(relative))
        }
        return FileReader(descriptor: opened, path: absolute(relative))
    }

    // MARK: Writing

    package func makeFolders(_ relative: String) throws(FileError) {
        if unsafe mkdirat(descriptor, relative, 0o755) == 0 {
            guard unsafe fchmodat(descriptor, relative, 0o755, 0) == 0 || Self.hasNoModes else {
                throw .last("create", absolute(relative))
            }
            return
        }
        switch errno {
        case EEXIST:
            guard try status(relative) == .folder else {
                throw FileError("create", absolute(relative), code: EEXIST)
            }
        case ENOENT:
            guard let slash = relative.lastIndex(of: "/") else { fallthrough }
            try makeFolders(String(relative[..<slash]))
            try makeFolders(relative)
        default: throw .last("create", absolute(relative))
        }
    }

    /// Opens a new file for writing.
    func create(_ relative: String, mode: mode_t = 0o644) throws(FileError) -> Int32 {
        let opened = unsafe openat(
            descriptor,
            relative,
            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
            mode
        )
        guard opened >= 0 else { throw .last("create", absolute(relative)) }
        // A secret that others could read isn't written at all.
        guard fchmod(opened, mode) == 0 || mode == 0o644 && Self.hasNoModes else {
            defer { close(opened) }
            throw .last("create", absolute(relative))
        }
        return opened
    }

    /// Writes a new file, not flushed.
    func create(
        _ relative: String,
        _ bytes: [UInt8],
        mode: mode_t = 0o644
    ) throws(FileError) {
        let opened = try create(relative, mode: mode)
        defer { close(opened) }
        unsafe try bytes.span.bytes.withUnsafeBytes { (buffer) throws(FileError) in
            unsafe try Self.write(buffer, to: opened, path: absolute(relative))
        }
    }

    func createLink(_ relative: String, to target: String) throws(FileError) {
        guard unsafe symlinkat(target, descriptor, relative) == 0 else {
            throw .last("link", absolute(relative))
        }
    }

    /// Puts a file at its place in one step, over what is there.
    func rename(_ from: String, to relative: String) throws(FileError) {
        guard unsafe renameat(descriptor, from, descriptor, relative) == 0 else {
            throw .last("rename", absolute(relative))
        }
    }

    func remove(_ relative: String) throws(FileError) {
        guard unsafe unlinkat(descriptor, relative, 0) == 0 || errno == ENOENT else {
            throw .last("remove", absolute(relative))
        }
    }

    /// Removes a folder if it is empty, and says whether it was.
    @discardableResult
    package func removeFolder(_ relative: String) -> Bool {
        unsafe unlinkat(descriptor, relative, AT_REMOVEDIR) == 0
    }

    /// Brings everything written so far to the medium.
    package func flush() throws(FileError) {
        guard linux_syncfs(descriptor) == 0 else { throw .last("flush", path) }
        // A file system in user space hears of the first only by the second.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOSYS else {
            throw .last("flush", path)
        }
    }

    /// Whether the last call failed because a medium such as FAT has no modes.
    static var hasNoModes: Bool { [EPERM, ENOTSUP, ENOSYS].contains(errno) }

    static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        path: @autoclosure () -> String
    ) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe Glibc.write(
                descriptor,
                bytes.baseAddress?.advanced(by: done),
                bytes.count - done
            )
            if count > 0 { done += count; continue }
            guard count < 0, errno == EINTR else { throw .last("write", path()) }
        }
    }

    private static func makeFolders(_ path: String) throws(FileError) {
        if try makeFolder(path) { return }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .last("create", path)
        }
        try makeFolders(String(path[..<slash]))
        guard try makeFolder(path) else { throw .last("create", path) }
    }

    /// Makes one folder, or finds it made; false if its parent is missing.
    private static func makeFolder(_ path: String) throws(FileError) -> Bool {
        guard unsafe mkdir(path, 0o755) == 0 else {
            if errno == EEXIST || errno == ENOENT { return errno == EEXIST }
            throw .last("create", path)
        }
        guard unsafe chmod(path, 0o755) == 0 || hasNoModes else { throw .last("create", path) }
        return true
    }
}

extension Folder {
    /// The paths of everything below a folder that isn't a folder itself, sorted.
    package func files(below relative: String) throws(FileError) -> [String] {
        var files: [String] = []
        for (name, maybeFolder) in try entries(in: relative) {
            let path = "\(relative)/\(name)"
            if maybeFolder, try status(path) == .folder {
                files += try self.files(below: path)
            } else {
                files.append(path)
            }
        }
        return files
    }

    /// Writes small new files.
    package func writeOnce(_ files: [FileContent]) throws(FileError) {
        for file in files { try create(file.path, file.bytes) }
    }

    /// Makes new links.
    package func linkOnce(_ links: [LinkContent]) throws(FileError) {
        for link in links { try createLink(link.path, to: link.target) }
    }

    /// Takes away what is in a folder, as far as it can be; follows no links.
    package func clear(_ relative: String = ".") {
        for name in (try? names(in: relative)) ?? [] {
            let path = "\(relative)/\(name)"
            let isFolder = (try? status(path)) == .folder
            if isFolder { clear(path) }
            _ = unsafe unlinkat(descriptor, path, isFolder ? AT_REMOVEDIR : 0)
        }
    }
}
