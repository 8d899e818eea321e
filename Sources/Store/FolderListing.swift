// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import Streams

// These functions never mistake a read error of the medium for the end of a folder's list.
extension Folder {
    /// Lists the names in a folder, sorted bytewise; empty if the folder doesn't exist.
    ///
    /// A name that isn't UTF-8 has the escapes of `FileName`. All functions of `Folder` accept such
    /// a name.
    ///
    /// - Throws: `FileError` with `ELOOP` if the path is a link, with `ENOTDIR` if it is another
    ///   kind of file, or with the medium's own error code.
    package func names(in relative: String) throws(FileError) -> [String] {
        try entries(in: relative).map(\.name)
    }

    /// Lists the paths of everything below a folder except folders, sorted.
    ///
    /// - Throws: the same errors as `names(in:)`.
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

    private typealias Entry = (name: String, maybeFolder: Bool)

    /// Lists the entries, and marks those that may be folders, because not every file system
    /// reports the kind.
    private func entries(in relative: String) throws(FileError) -> [Entry] {
        guard let stream = unsafe try openStream(relative) else { return [] }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        var name: UnsafePointer<CChar>?
        var maybeFolder: Int32 = 0
        while true {
            let found = unsafe linux_next_entry(stream, &name, &maybeFolder)
            guard found >= 0 else { throw .last("list", absolute(relative)) }
            guard found > 0, let name = unsafe name else { break }
            let text = unsafe FileName.text(name)
            if text != ".", text != ".." { entries.append((text, maybeFolder != 0)) }
        }
        return entries.sorted { FileName.precedes($0.name, $1.name) }
    }

    /// Opens a folder for listing; nil if the folder doesn't exist.
    private func openStream(_ relative: String) throws(FileError) -> OpaquePointer? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
        do throws(FileError) {
            return unsafe try inParent(of: relative, "open") { (parent, name) throws(FileError) in
                let opened = unsafe openat(parent, name, flags)
                guard opened >= 0 else {
                    let error = FileError.last("open", absolute(relative))
                    // Check for a link, because the kernel reports ENOTDIR for links, too.
                    guard error.code == ENOTDIR, try status(relative) == .link else { throw error }
                    throw FileError(FileError.entering, absolute(relative), code: ELOOP)
                }
                guard let stream = unsafe fdopendir(opened) else {
                    defer { close(opened) }
                    throw .last("list", absolute(relative))
                }
                return unsafe stream
            }
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }
}
