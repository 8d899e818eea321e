// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI

extension ClientKit {
    private static let certificates = "/etc/docker/certs.d"

    /// The setup of Docker.
    ///
    /// Every engine reads `daemon.json`, but only the containerd image store of Docker 28 and
    /// later reads `hosts.toml`; that of Docker 26 doesn't.
    var docker: ClientSetup {
        let daemon = daemonJSON
        let folders = Set(["\(Self.folderName(address.host))", "\(address.host)"]).sorted()
        let targets = folders.map { "\(Self.certificates)/\($0)/ca.crt" }
        return ClientSetup(
            .docker,
            daemon + ownCertificate("docker/certs.d", targets)
                + hostFolders("docker/certs.d", in: Self.certificates),
            commands: daemon.isEmpty ? [] : ["systemctl reload docker"],
            notes: dockerNotes
        )
    }

    /// Whether the registry mirrors Docker Hub without a prefix, the only mirror that all engines
    /// support.
    private var mirrorsHub: Bool { mirrors.contains(where: Self.isHubAtRoot) }

    private static func isHubAtRoot(_ mirror: Mirror) -> Bool {
        mirror.host.description == Reference.dockerHub && mirror.places.contains(nil)
    }

    /// The file `daemon.json`, or an empty array if the file would have no keys.
    private var daemonJSON: [KitFile] {
        var settings: [(String, String)] = []
        if address.isPlain { settings.append(("insecure-registries", "\(address.host)")) }
        if mirrorsHub { settings.append(("registry-mirrors", address.url)) }
        guard !settings.isEmpty else { return [] }
        let lines = settings.map { "  \"\($0)\": [\"\($1)\"]" }.joined(separator: ",\n")
        return [
            KitFile(
                "docker/daemon.json",
                for: ["/etc/docker/daemon.json"],
                text: "{\n\(lines)\n}\n",
                kind: .shared
            )
        ]
    }

    private var dockerNotes: [String] {
        var notes: [String] = []
        if !mirrors.allSatisfy(Self.isHubAtRoot) {
            notes += [
                "Only Docker 28 and later with the containerd image store use hosts.toml. To check, run",
                "docker info: with this store, the output contains io.containerd.snapshotter.v1.",
                "Other engines can mirror only Docker Hub, so they must pull all other images by",
                "this registry's name: docker pull \(address.host)/NAME.",
            ]
        }
        if mirrorsHub {
            notes += [
                "Engines that don't read hosts.toml ask Docker Hub for images that this registry lacks.",
                "Without internet access, it takes a while until such a pull fails.",
            ]
        }
        return notes + exampleNote("docker pull")
    }

    func exampleNote(_ command: String) -> [String] {
        example.map { ["try: \(command) \(address.host)/\($0)"] } ?? []
    }
}
