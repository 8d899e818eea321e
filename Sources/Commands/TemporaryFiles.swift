// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import OCI
internal import Store
internal import Streams

/// A temporary folder that exists only during a run.
struct TemporaryFiles {
    let path: String

    /// What fails if there is no place for temporary files.
    static let operation = "create a temporary folder in"

    /// Creates the folder in TMPDIR, or else in /tmp; with `ofAnySize`, in /var/tmp.
    ///
    /// /tmp is often in memory. A small system may have only one of the two.
    init(_ name: String, ofAnySize: Bool = false) throws(FileError) {
        let usual = ofAnySize ? ["/var/tmp", "/tmp"] : ["/tmp", "/var/tmp"]
        let chosen = unsafe getenv("TMPDIR").map { unsafe [String(cString: $0)] }
        let parents = chosen ?? usual
        var (made, code): (String?, Int32) = (nil, 0)
        for parent in parents where made == nil {
            made = Self.makeFolder("\(parent)/\(name)-XXXXXX")
            if made == nil, code == 0 { code = errno }
        }
        guard let made else { throw FileError(Self.operation, parents[0], code: code) }
        path = made
        // Let other users enter this folder, because the worker processes of a server run as
        // another user.
        _ = unsafe chmod(path, 0o711)
    }

    private static func makeFolder(_ template: String) -> String? {
        var template = Array(template.utf8CString)
        return unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }
                .map { unsafe String(cString: $0) }
        }
    }

    func write(_ files: [FileContent]) throws(FileError) {
        try Folder(path, creating: false).writeOnce(files)
    }

    /// Removes the folder with all its files.
    func remove() {
        guard let folder = try? Folder(path, creating: false) else { return }
        folder.clear()
        _ = unsafe rmdir(path)
    }
}

/// Functions for absolute paths, which a program needs if it runs in another folder.
enum AbsolutePath {
    /// - Throws: `FileError` if the path doesn't exist.
    static func of(_ path: String) throws(FileError) -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw FileError("open", path, code: errno)
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Finds the first folder of a path that other users may not enter, if this process is root,
    /// because a server's worker processes then run as another user.
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
