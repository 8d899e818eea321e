// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// podman with an image store that it keeps, and that fetches only what it lacks of zstd:chunked layers.
final class PartialPodman {
    private let workspace: Workspace
    private let debian: Debian
    private let folder: TemporaryFolder

    init(_ workspace: Workspace, in debian: Debian) throws {
        self.workspace = workspace
        self.debian = debian
        folder = try TemporaryFolder()
        // Other drivers than overlay can't do partial pulls.
        let settings = """
            [storage]
            driver = "overlay"
            graphroot = "\(folder["root"])"
            runroot = "\(folder["run"])"
            [storage.options.pull_options]
            enable_partial_images = "true"
            """
        try folder.write("storage.conf", settings)
    }

    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        var arguments = ["env", "CONTAINERS_STORAGE_CONF=\(folder["storage.conf"])", "podman"]
        arguments += ["--tmpdir", folder["tmp"], "--events-backend", "none"]
        arguments += ["--cgroup-manager", "cgroupfs", "pull", "-q", "--tls-verify=false"]
        arguments += ["--signature-policy", workspace["policy.json"]]
        arguments.append("\(endpoint.host)/\(reference)")
        let outcome = try workspace.start(debian.command(arguments)).wait(120).succeeded()
        return try ImageContent(of: outcome.lastLine, in: folder["root"], driver: "overlay")
    }
}
