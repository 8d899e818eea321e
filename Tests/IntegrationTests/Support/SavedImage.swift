// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// An image as `docker save` writes it.
struct SavedImage {
    let repository: String
    let tag: String
    /// The tars of its layers, base first.
    let layers: [[UInt8]]
    /// What a container runs; empty for an image that no container is made of.
    var command: [String] = []

    /// Writes the archive.
    ///
    /// - Returns: its path.
    func write(_ workspace: Workspace, to file: String) throws -> String {
        let diffIDs = layers.map { JSON.string(Digest(of: $0).description) }
        let config = JSON.object([
            "architecture": .string("amd64"), "os": .string("linux"),
            "config": .object([
                "Cmd": command.isEmpty ? nil : .array(command.map { .string($0) })
            ]),
            "rootfs": .object(["type": .string("layers"), "diff_ids": .array(diffIDs)]),
        ])
        let name = "\(Digest(of: config.canonicalBytes).hex).json"
        var members = layers.enumerated()
            .map { TarMember.file("layer-\($0 + 1)/layer.tar", $1) }
        let manifest = JSON.array([
            .object([
                "Config": .string(name), "RepoTags": .array([.string("\(repository):\(tag)")]),
                "Layers": .array(members.map { .string($0.name) }),
            ])
        ])
        members.append(.file(name, config.canonicalBytes))
        members.append(.file("manifest.json", manifest.canonicalBytes))
        return try workspace.folder.write(file, TarBuilder.tar(members))
    }
}
