// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

extension ImageContent {
    /// Reads an image that a client left as files: its configuration, and its layers unpacked.
    init(copied manifest: JSON, _ workspace: Workspace, blob: (Digest) -> String) throws {
        guard let config = manifest["config"].flatMap(Descriptor.init),
            let layers = manifest["layers"]?.array?.compactMap(Descriptor.init)
        else { throw Missing(description: "no image manifest: \(manifest)") }
        self.init(
            config: try Tree.contents(blob(config.digest)),
            diffIDs: try layers.map { layer in
                Digest(of: try Self.decoded(blob(layer.digest), workspace))
            }
        )
    }

    /// A layer's tar, by the program for what its first bytes say.
    private static func decoded(_ path: String, _ workspace: Workspace) throws -> [UInt8] {
        let bytes = try Tree.contents(path)
        let decoder: String? =
            switch bytes.prefix(4) {
            case [0x28, 0xB5, 0x2F, 0xFD]: "zstd"
            case let start where start.starts(with: [0x1F, 0x8B]): "gzip"
            default: nil
            }
        guard let decoder else { return bytes }
        // gzip wants a suffix that it knows, unless it writes to standard output by force.
        return try workspace.run(decoder, "-dcf", path).succeeded().output
    }
}
