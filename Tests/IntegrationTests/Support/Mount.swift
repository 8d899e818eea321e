// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc

/// A small file system of a test's own, gone when the last reference to it is.
final class Mount {
    private let path: String

    /// A file system in memory.
    convenience init(memory size: String, at path: String) throws {
        try self.init(path, ["-t", "tmpfs", "-o", "size=\(size),mode=0755", "tmpfs", path])
    }

    /// A folder again, under another path, for reading only.
    convenience init(readOnly source: String, at path: String) throws {
        try self.init(path, ["--bind", source, path])
        try Self.run(["mount", "-o", "remount,bind,ro", path])
    }

    private init(_ path: String, _ arguments: [String]) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run(["mount"] + arguments)
    }

    deinit { try? Self.run(["umount", "--lazy", path]) }

    func remount(_ options: String) throws {
        try Self.run(["mount", "-o", "remount,\(options)", path])
    }

    /// Root in a container may still lack the right.
    static func isPossible() throws -> Bool {
        guard geteuid() == 0 else { return false }
        let path = try Workspace()["mount"]
        return (try? Mount(memory: "64k", at: path)) != nil
    }

    private static func run(_ arguments: [String]) throws {
        try Job(arguments, environment: ["PATH": Program.searchPath]).wait(30).succeeded()
    }
}
