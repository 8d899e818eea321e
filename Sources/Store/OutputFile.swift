// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import Streams

/// A file that stands under its name when it is whole, or a pipe.
@safe package final class OutputFile {
    private let descriptor: Int32
    /// As the user wrote it, for messages.
    private let path: String
    private let temporary: String?

    /// Begins a file beside its name; what has the name stays until the end.
    ///
    /// A pipe or device of that name is written to, never replaced.
    package init(path: String) throws(FileError) {
        self.path = path
        var status = stat()
        if unsafe stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            temporary = nil
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .last("open", path) }
            return
        }
        let temporary = "\(path).part-\(getpid())"
        // Before it is there: a signal in between would leave it.
        UnfinishedFile.begin(temporary)
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let error = FileError.last("create", path)
            UnfinishedFile.end()
            throw error
        }
        self.temporary = temporary
    }

    /// Where a file would lie in a folder, from that folder; nil if it would lie elsewhere.
    package static func place(of path: String, in folder: Folder) -> String? {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard let real = resolved(parent), let root = resolved(folder.path),
            "\(real)/".hasPrefix("\(root)/")
        else { return nil }
        let inside = real.dropFirst(root.count).drop { $0 == "/" }
        return inside.isEmpty ? String(name) : "\(inside)/\(name)"
    }

    /// A path without links in it; nil if nothing is there.
    private static func resolved(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private init(standardOutput: Int32) {
        descriptor = standardOutput
        path = "standard output"
        temporary = nil
    }

    package static var standardOutput: OutputFile { OutputFile(standardOutput: 1) }

    /// A file that wasn't ended goes away.
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

    /// Ends it: on the disk, then under its name.
    package func finish() throws(FileError) {
        guard let temporary else { return }
        guard fsync(descriptor) == 0 else { throw .last("flush", path) }
        guard unsafe rename(temporary, path) == 0 else { throw .last("rename", path) }
    }
}
