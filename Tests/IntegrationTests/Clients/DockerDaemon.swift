// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import TestSupport

/// A Docker engine of a test's own, without any network set-up.
final class DockerDaemon: PullClient, ConfiguredClient, LoadClient {
    /// Where an engine keeps images.
    enum Store: Sendable {
        case graphDriver, containerd

        fileprivate var driver: String { self == .containerd ? "native" : "vfs" }

        /// Docker 26 takes this from its configuration only.
        fileprivate var configuration: String {
            #"{"features": {"containerd-snapshotter": \#(self == .containerd)}}"#
        }

        /// The settings of a kit, for this store.
        func configuration(kit: [UInt8]) throws -> String {
            guard case .object(let settings) = try JSON(parsing: kit),
                case .object(let own) = try JSON(parsing: Array(configuration.utf8))
            else { throw Missing(description: "daemon.json is no object") }
            return String(decoding: JSON.object(own + settings).canonicalBytes, as: UTF8.self)
        }
    }

    private let workspace: Workspace
    private let debian: Debian
    private let store: Store
    private let folder: TemporaryFolder
    private let daemon: Job

    /// With `system`, the engine runs there, and its client in `debian`.
    init(
        _ workspace: Workspace,
        in debian: Debian = .machine,
        with system: Debian? = nil,
        store: Store = .graphDriver,
        configuration: String? = nil
    ) throws {
        self.workspace = workspace
        self.debian = debian
        self.store = store
        folder = try TemporaryFolder()
        let options = [
            "--data-root", folder["data"], "--exec-root", folder["exec"],
            "--pidfile", folder["pid"], "-H", "unix://\(folder["socket"])",
            "--config-file", try folder.write("daemon.json", configuration ?? store.configuration),
            "--storage-driver", store.driver,
            "--iptables=false", "--ip6tables=false", "--bridge=none", "--ip-forward=false",
        ]
        daemon = try workspace.start((system ?? debian).command(["dockerd"] + options))
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
        return try content(name)
    }

    func load(_ archive: String, _ name: String) throws -> ImageContent {
        try docker("load", "-q", "-i", archive).succeeded()
        return try content(name)
    }

    /// Builds an image with nothing but the base of this name, by BuildKit.
    ///
    /// - Returns: its layers, which are those of the base.
    func build(from name: String) throws -> [Digest] {
        try folder.write("context/Dockerfile", "FROM \(name)\n")
        defer { _ = try? docker("buildx", "prune", "-af") }
        try docker("buildx", "build", "-q", "-t", "built:1", folder["context"]).succeeded()
        return try content("built:1").diffIDs
    }

    /// What the engine has under a name; then it has it no more.
    private func content(_ name: String) throws -> ImageContent {
        defer { _ = try? docker("rmi", "-f", name) }
        let text = try docker("image", "inspect", name).succeeded().output
        let image = try JSON(parsing: text).array?.first
        guard let layers = image?["RootFS"]?["Layers"]?.array else {
            throw Missing(description: "docker has no \(name)")
        }
        let diffIDs = layers.compactMap { $0.string.flatMap { Digest($0) } }
        return ImageContent(
            config: try config(of: name, id: image?["Id"]?.string),
            diffIDs: diffIDs
        )
    }

    /// The digest of an image's configuration: what a graph driver calls it by.
    ///
    /// The containerd store calls it by its manifest; the configuration is in what that saves.
    private func config(of name: String, id: String?) throws -> Digest {
        guard store == .containerd else {
            guard let digest = id.flatMap({ Digest($0) }) else {
                throw Missing(description: "docker has no digest for \(name)")
            }
            return digest
        }
        let archive = folder["saved.tar"]
        try docker("save", "-o", archive, name).succeeded()
        let list = try workspace.run("tar", "-xOf", archive, "manifest.json").succeeded().output
        let config = try JSON(parsing: list).array?.first?["Config"]?.string ?? "none"
        return Digest(of: try workspace.run("tar", "-xOf", archive, config).succeeded().output)
    }

    @discardableResult
    private func docker(_ arguments: String...) throws -> Outcome {
        let command = ["docker", "-H", "unix://\(folder["socket"])"] + arguments
        return try workspace.start(debian.command(command)).wait()
    }
}
