// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ClientKit
import OCI
import SiteModel
import TestSupport
import Testing

/// `install.sh` of real kits, on machines that are folders, under each POSIX shell that is installed.
@Suite struct InstallerTests {
    /// A kit and a machine.
    final class Node {
        let folder: TemporaryFolder
        let shell: [String]

        init(_ shell: [String]) throws {
            self.shell = shell
            folder = try TemporaryFolder()
            try folder.write("root/etc/containers/policy.json", Self.acceptAll)
            try folder.write("root/etc/containerd/config.toml", Self.configured)
        }

        static let acceptAll = #"{"default": [{"type": "insecureAcceptAnything"}]}"#
        static let configured = """
            version = 2
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "/etc/containerd/certs.d"

            """

        func write(_ kit: ClientKit) throws {
            if folder.exists("clients") { try folder.remove("clients") }
            for file in kit.files { _ = try folder.write(file.path, file.bytes) }
        }

        /// `path` replaces the folders in which programs are looked up.
        func install(_ arguments: String..., path: String? = nil) throws -> Command.Result {
            let environment = ["PATH": "/usr/bin:/bin", "DESTDIR": folder["root"]]
            var script = folder["clients/install.sh"]
            if let path {
                let text = try folder.text("clients/install.sh")
                script = try folder.write(
                    "clients/path.sh",
                    text.replacing(/PATH=\$PATH:\S+/, with: "PATH=\(path)")
                )
            }
            return try Command.run(
                shell[0],
                shell.dropFirst() + [script] + arguments,
                environment: environment
            )
        }

        func text(_ path: String) throws -> String { try folder.text("root\(path)") }
        func write(_ path: String, _ text: String) throws {
            _ = try folder.write("root\(path)", text)
        }
        func has(_ path: String) -> Bool { folder.exists("root\(path)") }
        var tree: [String: Tree.Entry] { get throws { try folder.snapshot("root") } }
    }

    static let shells: [[String]] = [["sh"], ["dash"], ["busybox", "sh"], ["bash", "--posix"]]
        .filter { Command.isInstalled($0[0]) }
    static let engines = ["docker", "containerd", "podman", "k3s", "rke2", "system"]
    static let certificate = "/etc/containerd/certs.d/r.lan_5000_/ca.crt"

    private func kit(_ host: String = "r.lan:5000", _ mirrors: String...) throws -> ClientKit {
        let names = mirrors.isEmpty ? ["docker.io", "quay.io"] : mirrors
        let hosts = Set(try names.map { MirroredHost(try RegistryHost($0), place: nil) })
        return ClientKit(try Sample.privateHTTPS(host), mirrors: hosts)
    }

    private func installed(_ shell: [String], _ engines: String...) throws -> Node {
        let node = try Node(shell)
        try node.write(try kit())
        for engine in engines { #expect(try node.install(engine).status == 0) }
        return node
    }

    /// Engines, mirrors and host change in between; at the end, nothing is left.
    @Test(arguments: shells)
    func aSecondKitReplacesTheFirst(_ shell: [String]) throws {
        let node = try Node(shell)
        let before = try node.tree
        try node.write(try kit())
        for engine in Self.engines { #expect(try node.install(engine).status == 0, "\(engine)") }
        let first = try node.tree
        let again = try node.install("docker", "containerd", "podman", "k3s", "rke2", "system")
        #expect(again.status == 0 && !again.text.contains("written"), "\(again)")
        #expect(try node.tree == first)

        try node.write(try kit("new.lan", "docker.io", "ghcr.io"))
        for engine in Self.engines {
            let result = try node.install(engine)
            #expect(result.status == 0 && result.errors.isEmpty, "\(engine): \(result)")
        }
        #expect(!node.has(Self.certificate) && node.has("/etc/containerd/certs.d/new.lan/ca.crt"))
        #expect(!node.has("/etc/docker/certs.d/quay.io"))
        #expect(try node.text("/etc/docker/daemon.json").contains("https://new.lan"))
        let removed = try node.install("--uninstall")
        #expect(removed.status == 0, "\(removed)")
        #expect(try node.tree == before)
    }

    /// One file in the way keeps all files of the engine away, and none of another engine.
    @Test(arguments: shells)
    func allOrNothing(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        try node.write("/etc/docker/certs.d/quay.io/hosts.toml", "server = \"https://mine\"\n")
        let before = try node.tree
        let refused = try node.install("docker")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("docker: NOT READY; nothing was changed"))
        #expect(refused.errors.contains("/etc/docker/certs.d/quay.io/hosts.toml exists"))
        #expect(try node.tree == before)
        #expect(try node.install("docker", "podman").status == 1)
        #expect(node.has("/etc/containers/registries.conf.d/50-regstatic.conf"))
        #expect(try node.install("--uninstall").status == 0)
        #expect(try node.tree == before)
        // The way out that the message names.
        try node.folder.remove("clients/docker/certs.d/quay.io/hosts.toml")
        let kept = try node.install("docker")
        #expect(kept.status == 0 && kept.text.contains("was left alone"))
        try node.folder.remove("clients/docker/daemon.json")
        #expect(try node.install("docker").status == 0)
        #expect(!node.has("/etc/docker/daemon.json"))
    }

    @Test(arguments: shells)
    func aChangedFileIsNotOverwritten(_ shell: [String]) throws {
        let node = try installed(shell, "containerd")
        let path = "/etc/containerd/certs.d/quay.io/hosts.toml"
        let mine = try node.text(path) + "# mine\n"
        try node.write(path, mine)
        try node.write(try kit("new.lan"))
        let refused = try node.install("containerd")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("\(path) was changed after this script had written it"))
        #expect(node.has(Self.certificate))
        let removed = try node.install("--uninstall")
        #expect(removed.text.contains("\(path) was left alone"))
        #expect(try node.text(path) == mine)
        #expect(!node.has(Self.certificate))
    }

    /// A second run would change the record of the first.
    @Test(.enabled(if: Command.isInstalled("flock")), arguments: shells)
    func oneRunAtATime(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        let before = try node.tree
        let script = """
            exec 8<"$1"
            flock 8
            DESTDIR="$1" PATH=/usr/bin:/bin "$3" ${4:+"$4"} "$2" podman
            """
        let arguments = [node.folder["root"], node.folder["clients/install.sh"]] + shell
        let refused = try Command.run("sh", ["-c", script, "sh"] + arguments)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("another run of this script is at work"))
        #expect(try node.tree == before)
        #expect(try node.install("podman").status == 0)
    }

    /// Root's copy must not follow a link.
    @Test(arguments: shells)
    func linksAreRefused(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        try node.folder.makeFolder("root/etc/docker")
        try node.folder.makeLink("root/etc/docker/daemon.json", to: "/nowhere")
        let refused = try node.install("docker")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("/etc/docker/daemon.json isn't a regular file"))
    }

    /// Somebody who has read the script, but not kit.txt.
    @Test(arguments: shells, ["podman own", "podman certificate", "k3s shared"])
    func placesOfOthersAreRefused(_ shell: [String], _ kind: String) throws {
        for target in ["/etc/passwd", "/etc/docker/../passwd", "/etc/rancher/k3s/../../passwd"] {
            let node = try Node(shell)
            try node.write(try kit())
            try node.write("/etc/passwd", "root\n")
            let settings = try node.folder.text("clients/kit.txt")
            let line = "file \(kind) ca.crt \(target)\n"
            try node.folder.write("clients/kit.txt", settings + line)
            let before = try node.tree
            let refused = try node.install(kind.split(separator: " ").map(String.init)[0])
            #expect(refused.status == 1 && refused.errors.contains("kit.txt names \(target)"))
            #expect(try node.tree == before)
        }
    }

    @Test(arguments: shells)
    func aDryRunChangesNothing(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        let before = try node.tree
        let result = try node.install("--dry-run", "docker", "containerd", "k3s")
        #expect(result.text.contains("would be written: /etc/docker/daemon.json"))
        #expect(try node.tree == before)
        #expect(try node.install("--nonsense").status == 64)
        #expect(try node.install("nonsense").status == 64)
        #expect(try node.install("--help").text.contains("--uninstall"))
    }

    /// The setting without which pods ask the original registries.
    @Test(arguments: shells)
    func configPathIsMissing(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        for (config, header) in [
            ("version = 2\n", #"[plugins."io.containerd.grpc.v1.cri".registry]"#),
            ("version = 3\n", "[plugins.'io.containerd.cri.v1.images'.registry]"),
            ("", "[plugins.cri.registry]"),
        ] {
            try node.write("/etc/containerd/config.toml", config)
            let result = try node.install("containerd")
            #expect(result.status == 1)
            #expect(result.errors.contains("    \(header)\n"), "\(result.errors)")
            #expect(result.errors.contains("config_path = \"/etc/containerd/certs.d\""))
        }
    }

    /// hosts.toml goes where containerd looks for it.
    @Test(arguments: shells)
    func configPathIsElsewhere(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        let elsewhere = Node.configured.replacing("/etc/containerd/certs.d", with: "/etc/hosts.d")
        try node.write("/etc/containerd/config.toml", elsewhere)
        #expect(try node.install("containerd").status == 0)
        #expect(node.has("/etc/hosts.d/docker.io/hosts.toml"))
        #expect(!node.has("/etc/containerd/certs.d"))
        #expect(try node.install("--uninstall").status == 0)
        #expect(!node.has("/etc/hosts.d"))
    }

    /// Of the folders for a host, that in the first place counts.
    @Test(arguments: shells)
    func aFolderInAnEarlierPlace(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        let first = "/first:/etc/containerd/certs.d"
        let config = Node.configured.replacing("/etc/containerd/certs.d", with: first)
        try node.write("/etc/containerd/config.toml", config)
        #expect(try node.install("containerd").status == 0)
        try node.write("/first/quay.io/hosts.toml", "")
        let result = try node.install("containerd")
        #expect(result.status == 1)
        #expect(
            result.errors.contains(
                "/first/quay.io counts instead of /etc/containerd/certs.d/quay.io"
            )
        )
    }

    @Test(arguments: shells)
    func tablesThatExcludeConfigPath(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        let mirror = #"[plugins."io.containerd.grpc.v1.cri".registry.mirrors."quay.io"]"#
        try node.write("/etc/containerd/config.toml", "version = 2\n\(mirror)\n  endpoint = []\n")
        let result = try node.install("containerd", "--write-config")
        #expect(result.status == 1)
        #expect(result.errors.contains("containerd refuses config_path"))
    }

    @Test(arguments: shells)
    func aPolicyThatRejects(_ shell: [String]) throws {
        let node = try Node(shell)
        try node.write(try kit())
        try node.write("/etc/containers/policy.json", #"{"default": [{"type": "reject"}]}"#)
        let result = try node.install("podman")
        if Command.isInstalled("python3") || Command.isInstalled("jq") {
            #expect(result.status == 1)
            #expect(result.errors.contains(#""r.lan:5000": [{"type": "insecureAcceptAnything"}]"#))
        } else {
            #expect(result.text.contains("not checked: whether /etc/containers/policy.json"))
        }
    }
}
