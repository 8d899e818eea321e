// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc
import TestSupport
import Testing

/// A medium with a file system of another kind than the workspace has.
struct Medium {
    enum Kind: String, Sendable, CustomTestStringConvertible {
        /// File systems of other systems, without links and colons, through FUSE.
        case exfat, ntfs
        /// A file system whose files can share their bytes.
        case xfs

        static let foreign: [Kind] = [.exfat, .ntfs]

        var testDescription: String { rawValue }
    }

    let path: String
    private let workspace: Workspace
    private let device: String?

    /// Formats and mounts a medium; whoever makes one ends it.
    init(_ kind: Kind, _ workspace: Workspace, megabytes: Int = 64) throws {
        self.workspace = workspace
        path = workspace["\(kind.rawValue)"]
        let image = workspace["\(kind.rawValue).img"]
        try workspace.folder.makeFolder(kind.rawValue)
        try workspace.run("truncate", "-s", "\(megabytes)M", image).succeeded()
        switch kind {
        case .ntfs:
            device = nil
            try workspace.run("mkntfs", "-FQq", image).succeeded()
            try Self.mount(workspace, "ntfs-3g", "-o", "windows_names", image, path)
        case .exfat:
            try workspace.run("mkfs.exfat", image).succeeded()
            // It mounts devices, no plain files.
            let loop = try workspace.run("losetup", "-f", "--show", image).succeeded()
            let device = loop.text.trimmingCharacters(in: .whitespacesAndNewlines)
            self.device = device
            try Self.mount(workspace, "mount.exfat-fuse", device, path)
        case .xfs:
            device = nil
            try workspace.run("mkfs.xfs", "-q", image).succeeded()
            try Self.mount(workspace, "mount", "-o", "loop", image, path)
        }
    }

    /// Runs what goes on in the background, with none of our open files: whoever waits for the program
    /// would wait for those to be closed.
    private static func mount(_ workspace: Workspace, _ arguments: String...) throws {
        let script = """
            for fd in /proc/$$/fd/*; do
              fd=${fd##*/}
              [ "$fd" -le 2 ] || eval "exec $fd>&-"
            done
            exec "$@"
            """
        try workspace.start(["bash", "-c", script, "bash"] + arguments).wait(30).succeeded()
    }

    func end() {
        _ = try? workspace.run("umount", path)
        if let device { _ = try? workspace.run("losetup", "-d", device) }
    }

    /// Needs the device of FUSE, and the right to mount.
    static let isPossible: Bool = {
        guard geteuid() == 0, access("/dev/fuse", R_OK | W_OK) == 0,
            let workspace = try? Workspace()
        else { return false }
        return Kind.foreign.allSatisfy { kind in
            guard let medium = try? Medium(kind, workspace, megabytes: 16) else { return false }
            medium.end()
            return true
        }
    }()
}
