// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import OCI
package import Streams

// All file-system calls that write to the folder.
extension Folder {
    /// Makes a folder and its parents; keeps existing ones.
    ///
    /// - Throws: `FileError` with `ELOOP` if one of the paths is a link, with `EEXIST` if one is
    ///   another kind of file.
    package func makeFolders(_ relative: String) throws(FileError) {
        do throws(FileError) {
            try makeFolder(relative)
        } catch {
            guard error.code == ENOENT, let slash = relative.lastIndex(of: "/") else { throw error }
            try makeFolders(String(relative[..<slash]))
            try makeFolder(relative)
        }
    }

    private func makeFolder(_ relative: String) throws(FileError) {
        unsafe try inParent(of: relative, "create") { (parent, name) throws(FileError) in
            if unsafe mkdirat(parent, name, 0o755) == 0 {
                guard unsafe fchmodat(parent, name, 0o755, 0) == 0 || Self.hasNoModes else {
                    throw .last("create", absolute(relative))
                }
                return
            }
            guard errno == EEXIST else { throw .last("create", absolute(relative)) }
            switch unsafe Self.status(of: name, in: parent) {
            case .folder: return
            case .link: throw FileError(FileError.entering, absolute(relative), code: ELOOP)
            default: throw FileError("create", absolute(relative), code: EEXIST)
            }
        }
    }

    /// Opens a new file for writing; with `reading`, also for reading.
    func create(
        _ relative: String,
        mode: mode_t = 0o644,
        reading: Bool = false
    ) throws(FileError) -> Int32 {
        let flags = (reading ? O_RDWR : O_WRONLY) | O_CREAT | O_EXCL
        let opened = try open(relative, flags, mode: mode, operation: "create")
        // Fail if the mode can't be set, because other users could then read a secret. Files with
        // the usual mode are written even if the medium has no modes.
        guard fchmod(opened, mode) == 0 || mode == 0o644 && Self.hasNoModes else {
            defer { close(opened) }
            throw .last("create", absolute(relative))
        }
        return opened
    }

    /// Opens a file below the folder; a link in its place is an error.
    func open(
        _ relative: String,
        _ flags: Int32,
        mode: mode_t = 0,
        operation: String = "open"
    ) throws(FileError) -> Int32 {
        unsafe try inParent(of: relative, operation) { (parent, name) throws(FileError) in
            let opened = unsafe openat(parent, name, flags | O_CLOEXEC | O_NOFOLLOW, mode)
            guard opened >= 0 else {
                let isLink = errno == ELOOP
                throw .last(isLink ? FileError.entering : operation, absolute(relative))
            }
            return opened
        }
    }

    /// Writes a new file, without a flush.
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
        try Self.flushOnOldKernel(opened, path: absolute(relative))
    }

    /// Flushes a file on kernels before 5.8, whose `syncfs` reports no write-back errors.
    static func flushOnOldKernel(
        _ descriptor: Int32,
        path: @autoclosure () -> String
    ) throws(FileError) {
        guard hidesErrors else { return }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last("flush", path()) }
    }

    private static let hidesErrors = linux_is_before(5, 8) == 1

    func createLink(_ relative: String, to target: String) throws(FileError) {
        unsafe try inParent(of: relative, "link") { (parent, name) throws(FileError) in
            guard unsafe symlinkat(target, parent, name) == 0 else {
                throw .last("link", absolute(relative))
            }
        }
    }

    /// Moves a file to its place in one step, and replaces an existing file there; `other` is the
    /// folder that has the file now, nil for this folder.
    func rename(
        _ from: String,
        in other: Folder? = nil,
        to relative: String
    ) throws(FileError) {
        unsafe try (other ?? self)
            .inParent(of: from, "rename") {
                (oldParent, oldName) throws(FileError) in
                unsafe try inParent(of: relative, "rename") { (parent, name) throws(FileError) in
                    guard unsafe renameat(oldParent, oldName, parent, name) == 0 else {
                        throw .last("rename", absolute(relative))
                    }
                }
            }
    }

    /// Moves a file to its place, even if a folder has this path, as can happen in a damaged file
    /// system.
    func replace(_ relative: String, by from: String, in other: Folder) throws(FileError) {
        do throws(FileError) {
            try rename(from, in: other, to: relative)
        } catch {
            guard error.code == EISDIR else { throw error }
            removeTree(relative)
            try rename(from, in: other, to: relative)
        }
    }

    /// Removes a file, or a link but not its target; succeeds if the path doesn't exist.
    func remove(_ relative: String) throws(FileError) {
        _ = try FileError.nilIfAbsent {
            () throws(FileError) in
            unsafe try inParent(of: relative, "remove") { (parent, name) throws(FileError) in
                guard unsafe unlinkat(parent, name, 0) == 0 else {
                    throw .last("remove", absolute(relative))
                }
            }
        }
    }

    /// Removes a folder if it is empty, and returns whether it was removed.
    @discardableResult
    package func removeFolder(_ relative: String) -> Bool {
        let isRemoved = unsafe try? inParent(of: relative, "remove") { (parent, name) in
            unsafe unlinkat(parent, name, AT_REMOVEDIR) == 0
        }
        return isRemoved ?? false
    }

    /// Removes the contents of a folder as far as possible, without following links.
    package func clear(_ relative: String = ".") {
        for name in (try? names(in: relative)) ?? [] {
            let path = "\(relative)/\(name)"
            guard (try? status(path)) == .folder else {
                try? remove(path)
                continue
            }
            clear(path)
            removeFolder(path)
        }
    }

    /// Removes a folder with its contents as far as possible, without following links.
    func removeTree(_ relative: String) {
        clear(relative)
        removeFolder(relative)
    }

    /// Flushes to the medium everything that was written so far.
    package func flush() throws(FileError) {
        guard linux_syncfs(descriptor) == 0 else { throw .last("flush", path) }
        // Also call fsync, because syncfs doesn't notify a file system in user space, and doesn't
        // flush the cache of a disk with FAT.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOSYS else {
            throw .last("flush", path)
        }
    }

    /// Writes small new files.
    package func writeOnce(_ files: [FileContent]) throws(FileError) {
        for file in files { try create(file.path, file.bytes) }
    }

    /// Makes new links.
    package func linkOnce(_ links: [LinkContent]) throws(FileError) {
        for link in links { try createLink(link.path, to: link.target) }
    }

    /// Whether the last call failed because the medium's file system, for example FAT, has no
    /// modes.
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
}

// Functions that make the folder itself, at a path that the user gave.
extension Folder {
    static func makeFolders(_ path: String) throws(FileError) {
        if try makeFolder(path) { return }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .last("create", path)
        }
        try makeFolders(String(path[..<slash]))
        guard try makeFolder(path) else { throw .last("create", path) }
    }

    /// Makes one folder unless it exists; false if its parent is missing.
    private static func makeFolder(_ path: String) throws(FileError) -> Bool {
        guard unsafe mkdir(path, 0o755) == 0 else {
            if errno == EEXIST || errno == ENOENT { return errno == EEXIST }
            throw .last("create", path)
        }
        guard unsafe chmod(path, 0o755) == 0 || hasNoModes else { throw .last("create", path) }
        return true
    }
}
