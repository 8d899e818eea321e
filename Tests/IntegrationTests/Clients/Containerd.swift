// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import TestSupport

/// A containerd of a test's own, asked by `ctr`.
final class Containerd: PullClient, ConfiguredClient, LoadClient {
    private let workspace: Workspace
    private let debian: Debian
    private let folder: TemporaryFolder
    private let daemon: Job
    /// The daemon's socket.
    var socket: String { folder["socket"] }
    /// Where it looks for hosts.
    var hosts: String { folder["hosts"] }
    /// Images of Kubernetes are in another namespace than those of `ctr`.
    private let isForKubernetes: Bool

    /// With `isForKubernetes`, the daemon has the CRI plugin, which reads `hosts`.
    init(
        _ workspace: Workspace,
        in debian: Debian = .machine,
        isForKubernetes: Bool = false
    ) throws {
        self.workspace = workspace
        self.debian = debian
        self.isForKubernetes = isForKubernetes
        folder = try TemporaryFolder()
        // Without what needs a host's set-up, or writes outside this folder.
        let plugins = [
            "io.containerd.internal.v1.opt",
            "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.btrfs",
            "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs",
        ]
        let unused = plugins + (isForKubernetes ? [] : ["io.containerd.grpc.v1.cri"])
        let list = unused.map { "\"\($0)\"" }.joined(separator: ", ")
        // containerd 2 pulls by itself, not by its client, and has to know where it unpacks. The table of
        // its CRI plugin has another name, under which older versions have no plugin.
        let settings = """
            version = 2
            disabled_plugins = [\(list)]
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              platform = "linux/amd64"
              snapshotter = "native"
            [plugins."io.containerd.grpc.v1.cri".containerd]
              snapshotter = "native"
            [plugins."io.containerd.cri.v1.images"]
              snapshotter = "native"
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "\(folder["hosts"])"
            [plugins."io.containerd.grpc.v1.cri".cni]
              conf_dir = "\(folder["cni"])"
            """
        try folder.write("config.toml", settings)
        daemon = try workspace.start(
            debian.command([
                "containerd", "--config", folder["config.toml"], "--root", folder["root"],
                "--state", folder["state"], "--address", folder["socket"],
            ])
        )
        for _ in 0..<200 where daemon.isRunning {
            if (try? ctr("version").status) == 0 { return }
            usleep(100_000)
        }
        throw Missing(description: "containerd doesn't start: \(daemon.errors.suffix(2000))")
    }

    func stop() { daemon.stop() }

    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        let name = "\(endpoint.host)/\(reference)"
        guard isForKubernetes || endpoint.authority != nil else {
            return try pull(name, ["--plain-http"])
        }
        // containerd 1.6 takes the certificate only in a host's own table.
        let trust = endpoint.authority.map { "  ca = \"\($0.certificate)\"" } ?? ""
        let hosts = """
            server = "\(endpoint.url)"
            [host."\(endpoint.url)"]
              capabilities = ["pull", "resolve"]
            \(trust)
            """
        try folder.write("hosts/\(endpoint.host)/hosts.toml", hosts)
        return try pull(configured: name)
    }

    func pull(configured name: String) throws -> ImageContent {
        guard !isForKubernetes else { return try pullByCRI(name) }
        return try pull(name, ["--hosts-dir", hosts])
    }

    private func pullByCRI(_ name: String) throws -> ImageContent {
        let full = Self.fullName(name)
        try CRI(workspace, socket: socket).pull(name)
        defer { try? CRI(workspace, socket: socket).remove(name) }
        return try content(full)
    }

    /// Pulls as the kubelet does with `imagePullPolicy: Always`: the engine keeps what it has.
    func pullAgain(_ name: String) throws -> ImageContent {
        try CRI(workspace, socket: socket).pull(name)
        return try content(Self.fullName(name))
    }

    /// The name under which the engine keeps an image.
    private static func fullName(_ name: String) -> String {
        let parts = name.split(separator: "/", maxSplits: 1)
        guard let first = parts.first, parts.count == 2 else { return "docker.io/library/\(name)" }
        return first.contains { ".:".contains($0) } ? name : "docker.io/\(name)"
    }

    private func pull(_ name: String, _ options: [String]) throws -> ImageContent {
        let arguments = ["images", "pull", "--snapshotter", "native", "--platform", "linux/amd64"]
        try ctr(arguments + options + [name]).succeeded()
        defer { forget(name) }
        return try content(name)
    }

    func load(_ archive: String, _ name: String) throws -> ImageContent {
        try ctr("images", "import", "--snapshotter", "native", archive).succeeded()
        defer { forget(name) }
        return try content(name)
    }

    /// So that the next pull fetches everything again.
    private func forget(_ name: String) {
        _ = try? ctr("images", "rm", "--sync", name)
        _ = try? ctr("content", "prune", "references")
    }

    private func content(_ name: String) throws -> ImageContent {
        let list = try ctr("images", "ls", "name==\(name)").succeeded().text
        let target = list.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("sha256:") }
        guard let target else { throw Missing(description: "ctr has no \(name)") }
        var manifest = try JSON(parsing: try blob(String(target)))
        if let children = manifest["manifests"]?.array {
            let amd64 = children.first { $0["platform"]?["architecture"]?.string == "amd64" }
            manifest = try JSON(parsing: try blob(amd64?["digest"]?.string ?? "none"))
        }
        let config = try blob(manifest["config"]?["digest"]?.string ?? "none")
        let diffIDs = ImageConfig(try JSON(parsing: config))?.diffIDs ?? []
        try checkUnpacked(diffIDs)
        return ImageContent(config: config, diffIDs: diffIDs)
    }

    /// containerd names a snapshot after the layers that it unpacked, by their content.
    private func checkUnpacked(_ diffIDs: [Digest]) throws {
        let snapshots = try ctr("snapshots", "--snapshotter", "native", "ls").succeeded().text
        guard let first = diffIDs.first else { return }
        let chain = diffIDs.dropFirst()
            .reduce(first) { parent, layer in
                Digest(of: Array("\(parent) \(layer)".utf8))
            }
        guard snapshots.contains(chain.description) else {
            throw Missing(description: "containerd hasn't unpacked \(chain):\n\(snapshots)")
        }
    }

    private func blob(_ digest: String) throws -> [UInt8] {
        try ctr("content", "get", digest).succeeded().output
    }

    @discardableResult
    private func ctr(_ arguments: String...) throws -> Outcome { try ctr(arguments) }

    private func ctr(_ arguments: [String]) throws -> Outcome {
        let namespace = isForKubernetes ? ["--namespace", "k8s.io"] : []
        let command = ["ctr", "--address", socket] + namespace + arguments
        return try workspace.start(debian.command(command)).wait()
    }
}
