// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport

/// podman or buildah, with an image store of its own.
struct StorageClient: PullClient, ConfiguredClient {
    let program: Program
    let workspace: Workspace
    var debian = Debian.machine

    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        try pull("\(endpoint.host)/\(reference)", Skopeo.trust(endpoint))
    }

    func pull(configured name: String) throws -> ImageContent { try pull(name, []) }

    private func pull(_ name: String, _ trust: [String]) throws -> ImageContent {
        // A store per pull: else nothing is fetched twice.
        let store = try TemporaryFolder()
        var arguments = command(store) + ["pull", "-q", "--arch", "amd64", "--os", "linux"]
        arguments += ["--signature-policy", workspace["policy.json"]]
        arguments += trust + [name]
        let outcome = try workspace.start(debian.command(arguments)).wait(120).succeeded()
        return try ImageContent(of: outcome.lastLine, in: store["root"], driver: "vfs")
    }

    private func command(_ store: TemporaryFolder) -> [String] {
        var command = [program.name, "--root", store["root"], "--runroot", store["run"]]
        command += ["--storage-driver", "vfs"]
        guard program == .podman else { return command }
        command += ["--tmpdir", store["tmp"], "--events-backend", "none"]
        return command + ["--cgroup-manager", "cgroupfs"]
    }
}

extension StorageClient: LoadClient {
    /// podman's; buildah loads nothing.
    func load(_ archive: String, _ name: String) throws -> ImageContent {
        let store = try TemporaryFolder()
        let policy = ["--signature-policy", workspace["policy.json"]]
        try workspace.start(
            debian.command(command(store) + ["load", "-q", "-i", archive] + policy)
        )
        .wait().succeeded()
        let ask = ["image", "inspect", "--format", "{{.Id}}", name]
        let answer = try workspace.start(debian.command(command(store) + ask)).wait().succeeded()
        return try ImageContent(of: answer.lastLine, in: store["root"], driver: "vfs")
    }
}
