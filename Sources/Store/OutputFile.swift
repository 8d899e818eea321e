// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import Streams

/// An output file that gets its name only when it is complete, or a pipe, a device or standard
/// output.
@safe package final class OutputFile {
    private let descriptor: Int32
    /// The path as the user wrote it, for messages.
    private let path: String
    private let temporary: String?

    /// Creates a temporary file next to the path; an existing file stays until `finish`.
    ///
    /// If the path is a pipe or device, the output is written to it and never replaces it.
    package init(path: String) throws(FileError) {
        self.path = path
        var status = stat()
        if unsafe stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            temporary = nil
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .last("open", path) }
            return
        }
        Self.removeUnfinished(path)
        let temporary = "\(path)\(Self.suffix)\(getpid())"
        // Register the file before creating it, because a signal between these two steps would
        // otherwise leave the file behind.
        UnfinishedFile.begin(temporary)
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let error = FileError.last("create", path)
            UnfinishedFile.end()
            throw error
        }
        self.temporary = temporary
    }

    private static let suffix = ".part-"

    /// Removes the temporary files of runs that were killed.
    private static func removeUnfinished(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let parent = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "./"
        guard let name = parts.last, let folder = try? Folder(parent, creating: false) else {
            return
        }
        for file in (try? folder.names(in: ".")) ?? [] where file.hasPrefix("\(name)\(suffix)") {
            guard let process = pid_t(file.dropFirst(name.count + suffix.count)), process > 0 else {
                continue
            }
            if kill(process, 0) != 0, errno == ESRCH { try? folder.remove(file) }
        }
    }

    /// The maximum size in bytes of a file at a path; nil if the folder of the file can't be opened.
    package static func largestFile(at path: String) -> Int? {
        guard let folder = try? Folder(parent(of: path), creating: false) else { return nil }
        return try? folder.room().largestFile
    }

    /// Checks before a long run that a file can be written to a path.
    ///
    /// - Throws: `FileError` if the path names a folder, or if its folder is missing or can't be written.
    package static func checkPlace(_ path: String) throws(FileError) {
        var status = stat()
        if unsafe stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw FileError("write", path, code: EISDIR)
            }
            guard status.st_mode & S_IFMT == S_IFREG else { return }
        }
        guard unsafe access(parent(of: path), W_OK) == 0 else { throw .last("create", path) }
    }

    /// Checks whether the medium has room for files that are written one after the other, of which each
    /// replaces a file that may exist.
    ///
    /// - Throws: `FileError` with a shortage, or if the folder of the files can't be opened.
    package static func checkRoom(for files: [(path: String, size: Int)]) throws(FileError) {
        guard let first = files.first else { return }
        var status = stat()
        let exists = unsafe stat(first.path, &status) == 0
        // Nobody knows what a pipe or a device can hold.
        guard !exists || [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return }
        let room = try Folder(parent(of: first.path), creating: false).room()
        var (used, peak) = (0, 0)
        for (path, size) in files {
            peak = max(peak, used + size)
            used += size - (unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0)
        }
        let largest = files.map(\.size).max() ?? 0
        do { try room.check(largest: largest, sum: peak) } catch {
            throw FileError("write", first.path, error)
        }
    }

    private static func parent(of path: String) -> String {
        let slash = path.lastIndex(of: "/")
        return slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The path of a file relative to a folder; nil if the file is outside the folder.
    package static func place(of path: String, in folder: Folder) -> String? {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard let real = resolved(parent(of: path)), let root = resolved(folder.path),
            "\(real)/".hasPrefix("\(root)/")
        else { return nil }
        let inside = real.dropFirst(root.count).drop { $0 == "/" }
        return inside.isEmpty ? String(name) : "\(inside)/\(name)"
    }

    /// Resolves all links in a path; nil if the path doesn't exist.
    private static func resolved(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe FileName.text(real)
    }

    private init(standardOutput: Int32) {
        descriptor = standardOutput
        path = "standard output"
        temporary = nil
    }

    package static var standardOutput: OutputFile { OutputFile(standardOutput: 1) }

    /// Removes the temporary file, unless `finish` has renamed it.
    deinit {
        guard let temporary else { return }
        close(descriptor)
        unsafe unlink(temporary)
        UnfinishedFile.end()
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        unsafe try Folder.write(bytes, to: descriptor, path: path)
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        unsafe try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
            unsafe try write(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Completes the file: flushes it to the disk, then moves it to its name.
    package func finish() throws(FileError) {
        guard let temporary else { return }
        guard fsync(descriptor) == 0 else { throw .last("flush", path) }
        guard unsafe rename(temporary, path) == 0 else { throw .last("rename", path) }
    }
}
