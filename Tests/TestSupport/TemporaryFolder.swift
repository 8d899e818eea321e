// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import Glibc

/// A folder of a test's own, gone when the last reference to it is.
package final class TemporaryFolder: Sendable {
    /// Absolute, without a slash at the end.
    package let path: String

    package init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/regstatic-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp", parent) }
        let text = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let resolved = realpath(text, nil) else { throw SystemError("realpath", text) }
        defer { free(resolved) }
        path = String(cString: resolved)
    }

    deinit { try? Self.removeTree(path) }

    /// The path of something in here, as a command wants it.
    package subscript(_ name: String) -> String { "\(path)/\(name)" }

    // MARK: Writing

    /// Writes a file, and the folders above it; replaces what is there.
    ///
    /// - Returns: its path.
    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws -> String {
        try makeParent(of: name)
        let target = self[name]
        let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemError("open", target) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...]
                .withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
            guard count > 0 else { throw SystemError("write", target) }
            done += count
        }
        return target
    }

    /// Writes a text file.
    ///
    /// - Returns: its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    /// Writes a file whose name need not be UTF-8; `name` is relative to an existing folder.
    package func write(name: [UInt8], in parent: String, _ text: String) throws {
        let target = Array(self[parent].utf8) + [UInt8(ascii: "/")] + name + [0]
        try move(try write("unnamed", text), to: target.map(CChar.init(bitPattern:)))
    }

    /// Makes a folder whose name need not be UTF-8; `content` moves into it.
    package func makeFolder(name: [UInt8], in parent: String, moving content: String) throws {
        try makeFolder("unnamed")
        try move(content, to: "unnamed/\(content)")
        let target = Array(self[parent].utf8) + [UInt8(ascii: "/")] + name + [0]
        try move(self["unnamed"], to: target.map(CChar.init(bitPattern:)))
    }

    private func move(_ path: String, to target: [CChar]) throws {
        guard rename(path, target) == 0 else { throw SystemError("rename", path) }
    }

    package func makeFolder(_ name: String) throws {
        try makeParent(of: name)
        guard mkdir(self[name], 0o755) == 0 || errno == EEXIST else {
            throw SystemError("mkdir", self[name])
        }
    }

    package func makeLink(_ name: String, to target: String) throws {
        try makeParent(of: name)
        guard symlink(target, self[name]) == 0 else { throw SystemError("symlink", self[name]) }
    }

    package func move(_ name: String, to target: String) throws {
        guard rename(self[name], self[target]) == 0 else { throw SystemError("rename", self[name]) }
    }

    package func remove(_ name: String) throws { try Self.removeTree(self[name]) }

    private static func removeTree(_ path: String) throws {
        try removeTree(Array(path.utf8CString))
    }

    private func makeParent(of name: String) throws {
        guard let slash = name.lastIndex(of: "/") else { return }
        try makeFolder(String(name[..<slash]))
    }

    /// Removes what stands at a path, whose names need not be UTF-8.
    private static func removeTree(_ path: [CChar]) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let shown = Tree.text(path)
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path) == 0 else { throw SystemError("unlink", shown) }
            return
        }
        // A test may have taken the right to look in.
        _ = chmod(path, 0o700)
        for name in try Tree.names(in: path) {
            try removeTree(path.dropLast() + "/".utf8CString.dropLast() + name)
        }
        guard rmdir(path) == 0 else { throw SystemError("rmdir", shown) }
    }

    // MARK: Reading

    package func read(_ name: String) throws -> [UInt8] { try Tree.contents(self[name]) }

    /// A file's bytes as text.
    package func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    package func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(self[name], &status) == 0
    }

    /// Everything below a folder, by path relative to it, to compare with another such snapshot.
    package func snapshot(_ name: String = ".") throws -> [String: Tree.Entry] {
        try Tree.snapshot(self[name])
    }
}

/// A system call that failed.
package struct SystemError: Error, CustomStringConvertible {
    package let description: String

    init(_ call: String, _ path: String) {
        let reason = strerror(errno).map { String(cString: $0) } ?? "\(errno)"
        description = "\(call) \(path): \(reason)"
    }
}
