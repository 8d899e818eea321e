// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc

/// A file system of a test's own.
///
/// Whoever makes one unmounts it: when a reference ends isn't for the compiler to choose.
struct Mount {
    private let path: String

    /// A file system in memory.
    init(memory size: String, at path: String) throws {
        try self.init(path, ["-t", "tmpfs", "-o", "size=\(size),mode=0755", "tmpfs", path])
    }

    /// A folder again, under another path, for reading only.
    init(readOnly source: String, at path: String) throws {
        try self.init(path, ["--bind", source, path])
        try Self.run(["mount", "-o", "remount,bind,ro", path])
    }

    private init(_ path: String, _ arguments: [String]) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run(["mount"] + arguments)
    }

    func unmount() { try? Self.run(["umount", "--lazy", path]) }

    func remount(_ options: String) throws {
        try Self.run(["mount", "-o", "remount,\(options)", path])
    }

    /// Root in a container may still lack the right.
    static let isPossible: Bool = {
        guard geteuid() == 0, let workspace = try? Workspace(),
            let mount = try? Mount(memory: "64k", at: workspace["mount"])
        else { return false }
        mount.unmount()
        return true
    }()

    private static func run(_ arguments: [String]) throws {
        try Job(arguments, environment: ["PATH": Program.searchPath]).wait(30).succeeded()
    }
}
