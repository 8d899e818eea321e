// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import OCI
package import Streams

/// A folder on disk, with access to everything below it by relative path.
///
/// A path may come from an untrusted medium. So every component except the last must be a real
/// folder (`openat2` with `RESOLVE_NO_SYMLINKS` and `RESOLVE_BENEATH`), and a link in the last
/// component is never followed. Therefore a call can never read, write or delete files outside the
/// folder. If a component before the last one is a link, the call throws a `FileError` with the
/// code `ELOOP`.
///
/// All calls set the modes explicitly (0644, 0755; 0600 for keys), so a site doesn't depend on the
/// umask.
package final class Folder: Sendable {
    /// The path as the user wrote it, for messages.
    package let path: String
    let descriptor: Int32

    /// Opens a folder; with `creating`, creates it first if it doesn't exist.
    ///
    /// The path of the folder itself may contain links, because the user named it.
    package init(_ path: String, creating: Bool) throws(FileError) {
        self.path = path
        if creating { try Self.makeFolders(path) }
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
    }

    /// Opens a folder below another folder, for callers that access very many files in it.
    ///
    /// Paths relative to the opened folder have only one component, so the kernel needn't look up
    /// folders for each file.
    init(_ relative: String, below other: Folder) throws(FileError) {
        path = other.absolute(relative)
        descriptor =
            unsafe FileName.withCString(relative) {
                unsafe linux_open_folder_below(other.descriptor, $0)
            }
            ?? -1
        guard descriptor >= 0 else { throw .last("open", path) }
    }

    deinit { close(descriptor) }

    /// The full path of a file or folder below this one, for messages.
    package func absolute(_ relative: String) -> String { "\(path)/\(relative)" }

    // MARK: Paths

    /// Calls `body` with the folder that contains `relative`, and with the last component of the
    /// path.
    ///
    /// - Throws: `FileError` with `ELOOP` if a component before the last one is a link, with
    ///   `ENOENT` or `ENOTDIR` if the folder doesn't exist.
    func inParent<Value>(
        of relative: String,
        _ operation: String,
        _ body: (_ parent: Int32, _ name: UnsafePointer<CChar>) throws(FileError) -> Value
    ) throws(FileError) -> Value {
        let result = unsafe FileName.withCString(relative) { path in
            Result { () throws(FileError) in
                var name: UnsafePointer<CChar>?
                let parent = unsafe linux_open_parent_below(descriptor, path, &name)
                guard parent >= 0, let name = unsafe name else {
                    throw failure(operation, relative)
                }
                defer { if parent != descriptor { close(parent) } }
                return try unsafe body(parent, name)
            }
        }
        guard let result else { throw FileError(operation, absolute(relative), code: EINVAL) }
        return try result.get()
    }

    /// Makes the error for a path whose parent folder can't be opened.
    private func failure(_ operation: String, _ relative: String) -> FileError {
        guard errno == ELOOP else { return .last(operation, absolute(relative)) }
        return FileError(FileError.entering, absolute(link(above: relative)), code: ELOOP)
    }

    /// Finds the shortest prefix of a path that is a link.
    private func link(above relative: String) -> String {
        relative.indices.lazy.filter { relative[$0] == "/" }.map { String(relative[..<$0]) }
            .first { (try? self.status($0)) == .link } ?? relative
    }

    // MARK: Looking

    package enum Status: Hashable, Sendable {
        case file(size: Int)
        case folder
        case link
        case other
    }

    /// The kind of file at a path, without following links; nil if the path doesn't exist.
    package func status(_ relative: String) throws(FileError) -> Status? {
        try FileError.nilIfAbsent {
            () throws(FileError) in
            unsafe try inParent(of: relative, "look at") { (parent, name) throws(FileError) in
                guard let status = unsafe Self.status(of: name, in: parent) else {
                    throw .last("look at", absolute(relative))
                }
                return status
            }
        }
    }

    /// Reads the kind of a file; returns nil and sets `errno` if the call fails.
    static func status(of name: UnsafePointer<CChar>, in parent: Int32) -> Status? {
        var status = stat()
        guard unsafe fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(size: Int(status.st_size))
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// The target of a symbolic link; nil if the path isn't a link.
    package func linkTarget(_ relative: String) throws(FileError) -> String? {
        try FileError.nilIfAbsent {
            () throws(FileError) in
            unsafe try inParent(of: relative, "read") { (parent, name) throws(FileError) in
                var (count, text) = (0, "")
                unsafe withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) {
                    target in
                    guard let start = target.baseAddress else { return }
                    count = unsafe readlinkat(parent, name, start, target.count)
                    guard count > 0, count < target.count else { return }
                    text = unsafe String(decoding: target[..<count], as: UTF8.self)
                }
                // EINVAL means that the file isn't a link.
                guard count >= 0 || errno == EINVAL else {
                    throw .last("read", absolute(relative))
                }
                return text.isEmpty ? nil : text
            }
        } ?? nil
    }

    // MARK: Reading

    /// Reads a whole small file; nil if it doesn't exist or is larger than the limit.
    package func contents(_ relative: String, limit: Int) throws(FileError) -> [UInt8]? {
        try reader(relative)?.contents(limit: limit)
    }

    /// Hashes a file; nil if it doesn't exist or isn't a regular file.
    package func digest(of relative: String) throws(FileError) -> Digest? {
        unsafe try reader(relative)?.digest()
    }

    /// Opens a regular file for reading; nil if it doesn't exist or isn't a regular file.
    package func reader(_ relative: String) throws(FileError) -> FileReader? {
        try FileError.nilIfAbsent {
            () throws(FileError) in
            // Don't block, because a pipe in place of the file may have no writer.
            let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
            let opened = unsafe try inParent(of: relative, "open") {
                (parent, name) throws(FileError) in
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
