// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc

/// A folder on disk and everything below it, by relative path.
///
/// A path may come from a stranger's stick: every component but the last is opened as a real folder
/// (`openat2` with `RESOLVE_NO_SYMLINKS` and `RESOLVE_BENEATH`), and the last one is never followed.
/// So no call reads, writes or deletes anything outside the folder; a link on the way is a
/// `FileError` with the code `ELOOP`.
///
/// Modes are explicit (0644, 0755; 0600 for keys), so a site doesn't depend on the umask.
package final class Folder: Sendable {
    /// As the user wrote it, for messages.
    package let path: String
    let descriptor: Int32

    /// Opens a folder; creates it first if asked to.
    ///
    /// The folder itself may be reached through links: the user named it.
    package init(_ path: String, creating: Bool) throws(FileError) {
        self.path = path
        if creating { try Self.makeFolders(path) }
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
    }

    deinit { close(descriptor) }

    /// The path of something below, for messages.
    package func absolute(_ relative: String) -> String { "\(path)/\(relative)" }

    // MARK: Paths

    /// Calls `body` with the folder that holds `relative`, and with the last component of the path.
    ///
    /// - Throws: `FileError` with `ELOOP` if a component before the last one is a link, with `ENOENT`
    ///   or `ENOTDIR` if the folder isn't there.
    func inParent<Value>(
        of relative: String,
        _ operation: String,
        _ body: (_ parent: Int32, _ name: String) throws(FileError) -> Value
    ) throws(FileError) -> Value {
        guard let slash = relative.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            guard relative != ".." else {
                throw FileError(operation, absolute(relative), code: EXDEV)
            }
            return try body(descriptor, relative)
        }
        let (folder, name) = (String(relative[..<slash]), String(relative[slash...].dropFirst()))
        let parent = unsafe linux_open_folder_below(descriptor, folder)
        guard parent >= 0 else {
            if errno == ELOOP { throw FileError("enter", absolute(link(in: folder)), code: ELOOP) }
            throw .last(operation, absolute(relative))
        }
        defer { close(parent) }
        guard name != ".." else { throw FileError(operation, absolute(relative), code: EXDEV) }
        return try body(parent, name)
    }

    /// The shortest beginning of a path that is a link.
    private func link(in folder: String) -> String {
        let ends = folder.indices.filter { folder[$0] == "/" } + [folder.endIndex]
        return ends.lazy.map { String(folder[..<$0]) }
            .first { (try? self.status($0)) == .link } ?? folder
    }

    // MARK: Looking

    package enum Status: Hashable, Sendable {
        case file(size: Int)
        case folder
        case link
        case other
    }

    /// What is at a path, links not followed; nil for nothing.
    package func status(_ relative: String) throws(FileError) -> Status? {
        try FileError.nilIfAbsent {
            () throws(FileError) in
            try inParent(of: relative, "look at") { (parent, name) throws(FileError) in
                var status = stat()
                guard unsafe fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    throw .last("look at", absolute(relative))
                }
                return switch status.st_mode & S_IFMT {
                case S_IFREG: .file(size: Int(status.st_size))
                case S_IFDIR: .folder
                case S_IFLNK: .link
                default: .other
                }
            }
        }
    }

    /// The target of a symbolic link; nil if there is no link.
    package func linkTarget(_ relative: String) throws(FileError) -> String? {
        try FileError.nilIfAbsent {
            () throws(FileError) in
            try inParent(of: relative, "read") { (parent, name) throws(FileError) in
                var target = [CChar](repeating: 0, count: Int(PATH_MAX))
                let count = unsafe readlinkat(parent, name, &target, target.count)
                // EINVAL: something that isn't a link.
                guard count >= 0 || errno == EINVAL else {
                    throw .last("read", absolute(relative))
                }
                guard count > 0, count < target.count else { return nil }
                let bytes = target[..<count].lazy.map(UInt8.init(bitPattern:))
                return String(decoding: bytes, as: UTF8.self)
            }
        } ?? nil
    }

    // MARK: Reading

    /// A whole small file; nil if it doesn't exist or is larger than the limit.
    package func contents(_ relative: String, limit: Int) throws(FileError) -> [UInt8]? {
        try reader(relative)?.contents(limit: limit)
    }

    /// Opens a regular file for reading; nil if there is none, or something else of that name.
    package func reader(_ relative: String) throws(FileError) -> FileReader? {
        try FileError.nilIfAbsent {
            () throws(FileError) in
            // Not waiting: a pipe in the place of a file has no writer.
            let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
            let opened = try inParent(of: relative, "open") { (parent, name) throws(FileError) in
                let opened = unsafe openat(parent, name, flags)
                guard opened >= 0 || errno == ELOOP else {
                    throw .last("open", absolute(relative))
                }
                return opened
            }
            return opened < 0 ? nil : try FileReader(descriptor: opened, path: absolute(relative))
        } ?? nil
    }
}
