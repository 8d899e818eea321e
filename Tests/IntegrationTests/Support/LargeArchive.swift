// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// An archive as `docker save` writes it, large enough to be interrupted.
enum LargeArchive {
    static let repository = "big/app"
    static let tag = "1"

    /// Writes an archive of some layers of 12 MB: half of it noise, half of it text.
    ///
    /// - Returns: its path.
    static func write(_ workspace: Workspace, layers: Int = 5) throws -> String {
        let noise = Generator.noise(1 << 20)
        let text = Generator.text(1 << 20)
        var members: [TarMember] = []
        var diffIDs: [JSON] = []
        for number in 1...layers {
            var content = Array("layer \(number)\n".utf8)
            for _ in 0..<6 { content += noise + text }
            let layer = TarBuilder.tar([.file("data/\(number)", content)])
            diffIDs.append(.string(Digest(of: layer).description))
            members.append(.file("layer-\(number)/layer.tar", layer))
        }
        let config = JSON.object([
            "architecture": .string("amd64"), "os": .string("linux"), "config": .object([]),
            "rootfs": .object(["type": .string("layers"), "diff_ids": .array(diffIDs)]),
        ])
        let name = "\(Digest(of: config.canonicalBytes).hex).json"
        let manifest = JSON.array([
            .object([
                "Config": .string(name), "RepoTags": .array([.string("\(repository):\(tag)")]),
                "Layers": .array(members.map { .string($0.name) }),
            ])
        ])
        members.append(.file(name, config.canonicalBytes))
        members.append(.file("manifest.json", manifest.canonicalBytes))
        return try workspace.folder.write("large.tar", TarBuilder.tar(members))
    }
}
