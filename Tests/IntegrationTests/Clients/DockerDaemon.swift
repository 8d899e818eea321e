// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import TestSupport

/// A Docker engine of a test's own, without any network set-up.
final class DockerDaemon: PullClient, ConfiguredClient {
    private let workspace: Workspace
    private let folder: TemporaryFolder
    private let daemon: Job

    init(_ workspace: Workspace, configuration: String = "{}") throws {
        self.workspace = workspace
        folder = try TemporaryFolder()
        daemon = try workspace.start([
            "dockerd", "--data-root", folder["data"], "--exec-root", folder["exec"],
            "--pidfile", folder["pid"], "-H", "unix://\(folder["socket"])",
            "--config-file", try folder.write("daemon.json", configuration),
            "--storage-driver", "vfs",
            "--iptables=false", "--ip6tables=false", "--bridge=none", "--ip-forward=false",
        ])
        for _ in 0..<200 where daemon.isRunning {
            if (try? docker("info").status) == 0 { return }
            usleep(100_000)
        }
        throw Missing(description: "dockerd doesn't start: \(daemon.errors.suffix(2000))")
    }

    func stop() { daemon.stop() }

    /// Loopback needs no certificate: the engine takes any there, or plain HTTP.
    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        try pull(configured: "\(endpoint.host)/\(reference)")
    }

    func pull(configured name: String) throws -> ImageContent {
        try docker("pull", "-q", "--platform", "linux/amd64", name).succeeded()
        let text = try docker("image", "inspect", name).succeeded().output
        try docker("rmi", "-f", name).succeeded()
        let image = try JSON(parsing: text).array?.first
        guard let config = image?["Id"]?.string.flatMap({ Digest($0) }),
            let layers = image?["RootFS"]?["Layers"]?.array
        else { throw Missing(description: "docker has no \(name)") }
        let diffIDs = layers.compactMap { $0.string.flatMap { Digest($0) } }
        return ImageContent(config: config, diffIDs: diffIDs)
    }

    @discardableResult
    private func docker(_ arguments: String...) throws -> Outcome {
        try workspace.start(["docker", "-H", "unix://\(folder["socket"])"] + arguments).wait()
    }
}
