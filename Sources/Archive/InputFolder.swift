// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
internal import Streams

// The contents of an input that is a folder.
extension InputFile {
    /// The kind of an entry in a folder; links aren't followed.
    package enum Entry: Hashable, Sendable {
        /// A regular file, with its size in bytes.
        case file(size: Int)
        case folder
        case link
        case other
    }

    /// Finds the entry with this name; nil if it doesn't exist.
    package func entry(_ name: String) throws(ArchiveError) -> Entry? {
        var status = stat()
        let found = unsafe FileName.withCString(name) { name in
            unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
        }
        guard let found else { return nil }
        guard found == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .system(operation: "stat", errno: errno)
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(size: Int(status.st_size))
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// The single folder inside this folder; nil if the folder has other entries, apart from files
    /// that macOS adds.
    package func onlyFolder() throws(ArchiveError) -> InputFile? {
        let names = names().names.filter { !MemberPath.isLitter($0) }
        guard names.count == 1, let path = MemberPath(names[0]), try entry(names[0]) == .folder
        else { return nil }
        return try folder(path)
    }

    /// The target of a symbolic link in this folder.
    package func linkTarget(_ name: String) throws(ArchiveError) -> String {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe FileName.withCString(name) { name in
            unsafe readlinkat(descriptor, name, &target, target.count)
        }
        guard let count, count >= 0 else { throw .system(operation: "read", errno: errno) }
        return FileName.text(target[..<count].map(UInt8.init(bitPattern:)))
    }

    /// Lists the names in this folder, unsorted, and returns the error if the list is incomplete.
    ///
    /// An error is never mistaken for the end of the list. The names read before the error are
    /// still useful, because a failing medium may still deliver some of its files.
    package func names() -> (names: [String], failure: ArchiveError?) {
        var names: [String] = []
        let opened = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return (names, .system(operation: "list", errno: errno)) }
        guard let stream = unsafe fdopendir(opened) else {
            defer { close(opened) }
            return (names, .system(operation: "list", errno: errno))
        }
        defer { unsafe closedir(stream) }
        var name: UnsafePointer<CChar>?
        var maybeFolder: Int32 = 0
        while true {
            let found = unsafe linux_next_entry(stream, &name, &maybeFolder)
            guard found >= 0 else { return (names, .system(operation: "list", errno: errno)) }
            guard found > 0, let name = unsafe name else { return (names, nil) }
            let text = unsafe FileName.text(name)
            if text != ".", text != ".." { names.append(text) }
        }
    }
}
