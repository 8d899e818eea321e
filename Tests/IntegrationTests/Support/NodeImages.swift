// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// Images whose containers run: each has BusyBox, and a file that no other one has.
struct NodeImages {
    private let workspace: Workspace
    private let program: [UInt8]

    init(_ workspace: Workspace) throws {
        self.workspace = workspace
        let path = try workspace.run("sh", "-c", "command -v busybox").succeeded().lastLine
        program = try Tree.contents(path)
    }

    /// Writes an archive as `docker save` does.
    ///
    /// - Returns: its path.
    func write(_ repository: String, _ tag: String, version: Int = 1) throws -> String {
        let name = "\(repository):\(tag), version \(version)"
        let layer = TarBuilder.tar([
            .folder("bin/"), .file("bin/busybox", program).with { $0.mode = 0o755 },
            .file("name", name),
        ])
        let image = SavedImage(
            repository: repository,
            tag: tag,
            layers: [layer],
            command: ["/bin/busybox", "sleep", "3600"]
        )
        return try image.write(workspace, to: "\(Digest(of: Array(name.utf8)).hex).tar")
    }
}
