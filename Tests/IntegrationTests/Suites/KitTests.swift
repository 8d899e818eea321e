// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// The client kit: real clients take its files as they are, and pull by the names that images had before.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl, .tar))
    struct KitTests {
        /// How names come into the site: `build`'s options.
        static let policies = [[], ["--keep-host"], ["--prefix", "p/q"]]

        static let names = [
            "docker.io/library/nginx:alpine", "docker.io/zoo/hello:2",
            "registry.corp:5000/team/app:1.0", "ghcr.io/acme/tool:1.0.html",
        ]

        /// A served site with its kit, installed on a machine that is a folder.
        final class Installed {
            let workspace: Workspace
            let server: NginxServer
            var host: String { server.endpoint.host }
            private static let archive = Fixture.docker20Many

            init(_ transport: Transport, _ policy: [String]) throws {
                workspace = try Workspace()
                let build = [Workspace.regstatic, "build", "-q", Self.archive]
                let output = ["-o", workspace["site"]]
                try workspace.start(build + policy + output).wait().succeeded()
                let authority = transport == .https ? try PrivateCA(workspace) : nil
                let site = workspace["site"]
                server = try NginxServer(workspace, site: site, authority: authority)
                let trust = authority.map { ["--ca", $0.certificate] } ?? ["--http"]
                let clients = ["clients", "-q", site, "--host", server.endpoint.host]
                try workspace.start([Workspace.regstatic] + clients + trust).wait().succeeded()
                try workspace.regstatic("verify", site).succeeded()
                try install()
            }

            /// Engines of containers/image look below the home, too, if it isn't their machine.
            private func install() throws {
                let script = workspace["site/clients/install.sh"]
                try workspace.folder.write(
                    "root/etc/containers/policy.json",
                    try workspace.folder.read("policy.json")
                )
                try workspace.folder.write(
                    "root/etc/containerd/config.toml",
                    """
                    version = 2
                    [plugins."io.containerd.grpc.v1.cri".registry]
                      config_path = "/etc/containerd/certs.d"
                    """
                )
                let command =
                    "DESTDIR='\(workspace["root"])' sh '\(script)' docker podman containerd"
                try workspace.run("sh", "-c", command).succeeded()
                try workspace.run("mkdir", "-p", workspace["home/.config"]).succeeded()
                try workspace.copy("root/etc/containers", to: "home/.config/containers")
                let conf = "root/etc/containers/registries.conf.d/50-regstatic.conf"
                try workspace.folder.write("registries.conf", try workspace.folder.read(conf))
            }

            func check(_ client: some ConfiguredClient, _ names: [String]) throws {
                for name in names {
                    let short = name.replacing("docker.io/", with: "")
                        .replacing("library/", with: "")
                    let expected = try ImageContent(archive: Self.archive, name: short, workspace)
                    #expect(try client.pull(configured: name) == expected, "\(name)")
                }
            }

            func checkOwnName(_ client: some ConfiguredClient) throws {
                let expected = try ImageContent(
                    archive: Self.archive,
                    name: "zoo/hello:2",
                    workspace
                )
                #expect(try client.pull(configured: "\(host)/zoo/hello:2") == expected)
            }

            /// Says so at once, and asks nobody else.
            func checkAbsence(_ client: some ConfiguredClient) throws {
                for name in ["docker.io/zoo/absent:1", "ghcr.io/acme/absent:1"] {
                    let failure = #expect(throws: CommandFailure.self) {
                        _ = try client.pull(configured: name)
                    }
                    let words = failure?.description ?? ""
                    #expect(words.contains("not found") || words.contains("manifest unknown"))
                    #expect(!words.contains("lookup") && !words.contains("x509"), "\(words)")
                }
            }
        }

        private func checkAll(_ installed: Installed, _ client: some ConfiguredClient) throws {
            try installed.check(client, Self.names)
            try installed.checkAbsence(client)
        }

        @Test(.needs(.skopeo, .gzip, .zstd), arguments: Transport.allCases, policies)
        func skopeo(_ transport: Transport, _ policy: [String]) throws {
            let installed = try Installed(transport, policy)
            defer { installed.server.stop() }
            try checkAll(installed, Skopeo(workspace: installed.workspace))
        }

        @Test(.needsRoot, arguments: Transport.allCases, [Program.podman, .buildah])
        func storage(_ transport: Transport, _ program: Program) throws {
            guard try program.isInstalled || Missing.skip("no \(program.name)") else { return }
            // buildah reads the same files by the same library.
            for policy in program == .podman ? Self.policies : [[]] {
                let installed = try Installed(transport, policy)
                defer { installed.server.stop() }
                let client = StorageClient(program: program, workspace: installed.workspace)
                try checkAll(installed, client)
                if policy.isEmpty { try installed.checkOwnName(client) }
            }
        }

        /// One daemon for all: it reads the files at each pull, by `ctr` and as the kubelet asks it.
        @Test(.needs(.containerd, .ctr), .needsMounts, arguments: [false, true])
        func containerd(isForKubernetes: Bool) throws {
            let daemon = try Workspace()
            let containerd = try Containerd(daemon, isForKubernetes: isForKubernetes)
            defer { containerd.stop() }
            for transport in Transport.allCases {
                for policy in Self.policies {
                    let installed = try Installed(transport, policy)
                    defer { installed.server.stop() }
                    let hosts = installed.workspace["root/etc/containerd/certs.d"]
                    try daemon.run("rm", "-rf", containerd.hosts).succeeded()
                    try daemon.run("cp", "-r", hosts, containerd.hosts).succeeded()
                    try checkAll(installed, containerd)
                    if policy.isEmpty { try installed.checkOwnName(containerd) }
                }
            }
        }

        /// Its `daemon.json` knows mirrors of Docker Hub only, and only at the root.
        @Test(.needs(.docker, .dockerd), .needsMounts, arguments: Transport.allCases)
        func docker(_ transport: Transport) throws {
            let installed = try Installed(transport, [])
            defer { installed.server.stop() }
            let configuration = try installed.workspace.folder.text("root/etc/docker/daemon.json")
            let docker: DockerDaemon
            do {
                docker = try DockerDaemon(installed.workspace, configuration: configuration)
            } catch {
                print("SKIPPED: no Docker engine to pull with: \(error)")
                try Test.cancel("no Docker engine to pull with")
            }
            defer { docker.stop() }
            try installed.check(docker, Array(Self.names.prefix(2)))
            try installed.checkOwnName(docker)
        }
    }
}
