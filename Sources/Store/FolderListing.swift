// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import Streams

// Listing: an error of the medium is never taken for the end of a folder.
extension Folder {
    /// Names in a folder, sorted bytewise; none if it doesn't exist.
    ///
    /// - Throws: `FileError` with `ELOOP` if it is a link, with `ENOTDIR` if it is something else, and
    ///   the medium's own errors.
    package func names(in relative: String) throws(FileError) -> [String] {
        try entries(in: relative).map(\.name)
    }

    /// The paths of everything below a folder that isn't a folder itself, sorted.
    ///
    /// - Throws: as `names(in:)`.
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

    /// The entries of a folder, with what may be a folder: not every file system says which are.
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
            let text = unsafe String(cString: name)
            if text != ".", text != ".." { entries.append((text, maybeFolder != 0)) }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Nil if there is no such folder.
    private func openStream(_ relative: String) throws(FileError) -> OpaquePointer? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
        do throws(FileError) {
            return unsafe try inParent(of: relative, "open") { (parent, name) throws(FileError) in
                let opened = unsafe openat(parent, name, flags)
                guard opened >= 0 else {
                    let error = FileError.last("open", absolute(relative))
                    // The kernel says ENOTDIR for a link, too.
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
