// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// A client that keeps what it pulls in a form of its own.
protocol KitClient {
    /// Pulls an image by its full name.
    ///
    /// - Returns: digests that show what has arrived.
    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest>

    /// The digests that show that this image has arrived.
    func proof(of image: ServedImage) -> Set<Digest>

    /// Ends what had to be started first.
    func stop()
}

extension KitClient {
    func stop() {}
}

/// Apptainer: what it has in its cache of blobs.
struct Apptainer: KitClient {
    let workspace: Workspace
    let debian: Debian

    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest> {
        let folder = try TemporaryFolder()
        var command = ["env", "APPTAINER_CACHEDIR=\(folder["cache"])"]
        command += ["APPTAINER_TMPDIR=\(folder.path)", "apptainer", "-q", "pull"]
        if transport == .http { command.append("--no-https") }
        command += [folder["image.sif"], "docker://\(name)"]
        try folder.makeFolder("cache")
        try workspace.start(debian.command(command)).wait().succeeded()
        let blobs = try folder.snapshot("cache/cache/blob/blobs/sha256").values
        return Set(
            blobs.compactMap { entry in
                guard case .file(let bytes, _) = entry else { return nil }
                return Digest(of: bytes)
            }
        )
    }

    func proof(of image: ServedImage) -> Set<Digest> {
        Set([image.manifest, image.config] + image.layers)
    }
}

/// systemd-pull: the layers that it has unpacked, by the digests that it has checked.
struct SystemdPull: KitClient {
    let workspace: Workspace
    let debian: Debian

    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest> {
        let folder = try TemporaryFolder()
        // It makes layers immutable.
        defer { _ = try? workspace.run("chattr", "-R", "-i", folder.path) }
        let command = ["/usr/lib/systemd/systemd-pull", "--image-root=\(folder.path)", "oci", name]
        try workspace.start(debian.command(command + ["image"])).wait().succeeded()
        let list = try workspace.run("ls", "-A", folder.path).succeeded().text
        return Set(
            list.split(separator: "\n").filter { $0.hasPrefix(".oci-") }
                .compactMap { Digest(String($0.dropFirst(5))) }
        )
    }

    func proof(of image: ServedImage) -> Set<Digest> { Set(image.layers) }
}

/// A daemon of Incus.
final class Incus: KitClient {
    private let workspace: Workspace
    private let debian: Debian
    private let folder: TemporaryFolder
    private let daemon: Job

    init(_ workspace: Workspace, in debian: Debian) throws {
        self.workspace = workspace
        self.debian = debian
        folder = try TemporaryFolder()
        try folder.makeFolder("data")
        let command = ["env", "INCUS_DIR=\(folder["data"])", "/usr/libexec/incus/incusd"]
        daemon = try workspace.start(debian.command(command + ["--group", "root"]))
        for _ in 0..<60 where daemon.isRunning {
            if (try? incus("info").status) == 0 { return }
            _ = try? workspace.run("sleep", "0.3")
        }
        daemon.stop()
        throw Missing(description: "incusd doesn't start: \(daemon.errors.suffix(2000))")
    }

    func stop() { daemon.stop() }

    /// By HTTPS only.
    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest> {
        let parts = name.split(separator: "/", maxSplits: 1)
        try incus("remote", "add", "site", "https://\(parts[0])", "--protocol=oci").succeeded()
        defer { _ = try? incus("remote", "remove", "site") }
        try incus("image", "copy", "-q", "site:\(parts[1])", "local:", "--alias", "image")
            .succeeded()
        defer { _ = try? incus("image", "delete", "image") }
        let list = try incus("image", "list", "-f", "csv", "-c", "F").succeeded().lastLine
        return Set([Digest(hex: list)].compactMap { $0 })
    }

    /// Incus calls an image by the digest of the list of its layers.
    func proof(of image: ServedImage) -> Set<Digest> {
        [Digest(of: Array(image.layers.map(\.description).joined().utf8))]
    }

    private func incus(_ arguments: String...) throws -> Outcome {
        let settings = ["env", "INCUS_DIR=\(folder["data"])", "INCUS_CONF=\(folder["conf"])"]
        return try workspace.start(debian.command(settings + ["incus"] + arguments)).wait()
    }
}

/// BuildKit in a Docker engine: the layers of what is built from an image.
struct Buildx: KitClient {
    let daemon: DockerDaemon

    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest> {
        Set(try daemon.build(from: name))
    }

    func proof(of image: ServedImage) -> Set<Digest> { Set(image.diffIDs) }

    func stop() { daemon.stop() }
}

/// syft: what it says about the image whose packages it has listed.
struct Syft: KitClient {
    let workspace: Workspace
    let authority: PrivateCA

    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest> {
        var command = ["env", "SSL_CERT_FILE=\(authority.certificate)"]
        command.append("SYFT_CHECK_FOR_APP_UPDATE=false")
        if transport == .http { command.append("SYFT_REGISTRY_INSECURE_USE_HTTP=true") }
        command += ["syft", "-q", "registry:\(name)", "-o", "json"]
        let output = try workspace.start(command).wait().succeeded().output
        let image = try JSON(parsing: output, limits: .list)["source"]?["metadata"]
        let layers = image?["layers"]?.array?.map { $0["digest"] } ?? []
        let digests = layers + [image?["imageID"], image?["manifestDigest"]]
        return Set(digests.compactMap { $0?.string.flatMap { Digest($0) } })
    }

    func proof(of image: ServedImage) -> Set<Digest> {
        Set([image.manifest, image.config] + image.diffIDs)
    }
}

/// The library of Helm: the chart that it has written.
struct HelmLibrary: KitClient {
    let workspace: Workspace
    let authority: PrivateCA

    func pull(_ name: String, _ transport: Transport) throws -> Set<Digest> {
        let folder = try TemporaryFolder()
        let parts = name.split(separator: ":")
        let chart = "oci://" + parts.dropLast().joined(separator: ":")
        var command = ["env", "SSL_CERT_FILE=\(authority.certificate)", "\(Program.pypi)/python3"]
        command += ["\(Fixture.tests)/Clients/helm.py", transport.rawValue, chart]
        command += [String(parts.last ?? ""), folder.path]
        let words = try workspace.start(command).wait().succeeded().lastLine
        let file = try workspace.run("sh", "-c", "cat '\(folder.path)'/*.tgz").succeeded().output
        let manifest = words.split(separator: " ").first.flatMap { Digest(String($0)) }
        return Set([manifest, Digest(of: file)].compactMap { $0 })
    }

    func proof(of image: ServedImage) -> Set<Digest> { Set([image.manifest] + image.layers) }
}
