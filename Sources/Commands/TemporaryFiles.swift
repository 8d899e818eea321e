// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import OCI
internal import Store
internal import Streams

/// A folder for the time of a run.
struct TemporaryFiles {
    let path: String

    init(_ name: String) throws(FileError) {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/\(name)-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }
                .map { unsafe String(cString: $0) }
        }
        guard let made else { throw FileError("create a folder in", parent, code: errno) }
        path = made
        // A server's workers are somebody else, and enter it, too.
        _ = unsafe chmod(path, 0o711)
    }

    func write(_ files: [FileContent]) throws(FileError) {
        try Folder(path, creating: false).writeOnce(files)
    }

    /// Takes it away with all that is in it.
    func remove() {
        guard let folder = try? Folder(path, creating: false) else { return }
        folder.clear()
        _ = unsafe rmdir(path)
    }
}

/// Paths as a program needs them that runs in another folder.
enum AbsolutePath {
    /// - Throws: `FileError` if nothing is there.
    static func of(_ path: String) throws(FileError) -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw FileError("open", path, code: errno)
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The first folder on the way that only its owner may enter, if we are root: a server's workers
    /// aren't.
    static func closedToServers(_ path: String) -> String? {
        guard geteuid() == 0 else { return nil }
        var folder = ""
        for component in path.split(separator: "/") {
            folder += "/\(component)"
            var status = stat()
            guard unsafe stat(folder, &status) == 0 else { return folder }
            if status.st_mode & 0o001 == 0 { return folder }
        }
        return nil
    }
}
