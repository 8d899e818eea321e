// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// podman or buildah, with an image store of its own.
struct StorageClient: PullClient, ConfiguredClient {
    let program: Program
    let workspace: Workspace

    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        try pull("\(endpoint.host)/\(reference)", Skopeo.trust(endpoint))
    }

    func pull(configured name: String) throws -> ImageContent { try pull(name, []) }

    private func pull(_ name: String, _ trust: [String]) throws -> ImageContent {
        // A store per pull: else nothing is fetched twice.
        let store = try TemporaryFolder()
        var arguments = [program.name, "--root", store["root"], "--runroot", store["run"]]
        arguments += ["--storage-driver", "vfs"]
        if program == .podman {
            arguments += ["--tmpdir", store["tmp"], "--events-backend", "none"]
            arguments += ["--cgroup-manager", "cgroupfs"]
        }
        arguments += ["pull", "-q", "--arch", "amd64", "--os", "linux"]
        arguments += ["--signature-policy", workspace["policy.json"]]
        arguments += trust + [name]
        let outcome = try workspace.start(arguments).wait(120).succeeded()
        return try content(store, image: outcome.text.split(separator: "\n").last.map(String.init))
    }

    /// Reads the store's own records: the layers' digests are of what was unpacked.
    private func content(_ store: TemporaryFolder, image: String?) throws -> ImageContent {
        let images = try JSON(parsing: try store.read("root/vfs-images/images.json"), limits: .list)
        let layers = try JSON(parsing: try store.read("root/vfs-layers/layers.json"), limits: .list)
        guard let record = images.array?.first(where: { $0["id"]?.string == image }),
            let config = record["id"]?.string.flatMap({ Digest(hex: $0) })
        else { throw Missing(description: "\(program.name) has no image \(image ?? "")") }
        var diffIDs: [Digest] = []
        var next = record["layer"]?.string
        while let id = next, let layer = layers.array?.first(where: { $0["id"]?.string == id }) {
            if let digest = layer["diff-digest"]?.string.flatMap({ Digest($0) }) {
                diffIDs.insert(digest, at: 0)
            }
            next = layer["parent"]?.string
        }
        return ImageContent(config: config, diffIDs: diffIDs)
    }
}
