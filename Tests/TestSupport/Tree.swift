// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import Glibc

/// A folder's whole content as a value.
package enum Tree {
    /// What stands at a path; two are equal if a reader can't tell them apart.
    package enum Entry: Hashable, Sendable {
        case file([UInt8], mode: Int)
        case folder(mode: Int)
        case link(String)
        case other
    }

    /// All entries below a folder, links not followed.
    package static func snapshot(_ root: String) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        try collect(root, "", &entries)
        return entries
    }

    /// The paths at which two snapshots differ, sorted: better to read than the snapshots.
    package static func differences(
        _ left: [String: Entry],
        _ right: [String: Entry]
    ) -> [String] {
        Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }.sorted()
    }

    private static func collect(
        _ root: String,
        _ prefix: String,
        _ entries: inout [String: Entry]
    ) throws {
        for name in try names(in: "\(root)/\(prefix)") {
            let relative = prefix + name
            let entry = try entry("\(root)/\(relative)")
            entries[relative] = entry
            if case .folder = entry { try collect(root, relative + "/", &entries) }
        }
    }

    private static func entry(_ path: String) throws -> Entry {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemError("lstat", path) }
        let mode = Int(status.st_mode & 0o7777)
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(try contents(path), mode: mode)
        case S_IFDIR: return .folder(mode: mode)
        case S_IFLNK: return .link(try target(path))
        default: return .other
        }
    }

    private static func target(_ path: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { throw SystemError("readlink", path) }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The names in a folder, in no order.
    private static func names(in path: String) throws -> [String] {
        try names(in: Array(path.utf8CString)).map(text)
    }

    static func text(_ name: [CChar]) -> String {
        String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The bytes of the names in a folder, each with a zero at the end.
    static func names(in path: [CChar]) throws -> [[CChar]] {
        guard let stream = opendir(path) else { throw SystemError("opendir", "\(path)") }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                let start = UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
                return Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
            }
            if ![".", ".."].map({ Array($0.utf8CString) }).contains(name) { names.append(name) }
        }
        return names
    }

    package static func contents(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError("fstat", path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes[done...]
                .withUnsafeMutableBytes {
                    Glibc.read(descriptor, $0.baseAddress, $0.count)
                }
            guard count > 0 else { throw SystemError("read", path) }
            done += count
        }
        return bytes
    }
}
