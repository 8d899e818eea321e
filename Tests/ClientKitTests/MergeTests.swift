// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ClientKit
import OCI
import SiteModel
import TestSupport
import Testing

/// The settings of a kit in files that have other settings, too.
@Suite struct MergeTests {
    private typealias Node = InstallerTests.Node
    private static let json = "/etc/docker/daemon.json"
    private static let yaml = "/etc/rancher/k3s/registries.yaml"

    private func kit(_ host: String, _ mirrors: String...) throws -> ClientKit {
        let hosts = Set(try mirrors.map { MirroredHost(try RegistryHost($0), place: nil) })
        return ClientKit(try Sample.privateHTTPS(host), mirrors: hosts)
    }

    private func node(_ shell: [String], _ path: String, _ text: String) throws -> Node {
        let node = try Node(shell)
        try node.write(path, text)
        try node.write(try kit("r.lan", "docker.io", "quay.io"))
        return node
    }

    /// A folder with the programs that the script needs, and of python3 and jq only what is given.
    private func programs(_ node: Node, _ extra: String...) throws -> String {
        let needed = [
            "awk", "cat", "cmp", "cp", "dirname", "env", "find", "grep", "head", "id", "mkdir",
            "mktemp", "mv", "rm", "rmdir", "sed", "sort", "tail", "tr",
        ]
        try node.folder.makeFolder("bin")
        for program in needed + extra {
            let found = try Command.run("which", [program], environment: ["PATH": "/usr/bin:/bin"])
            let path = found.text.filter { $0 != "\n" }
            try node.folder.makeLink("bin/\(program)", to: path)
        }
        return node.folder["bin"]
    }

    private static let tools = ["python3", "jq"]
        .filter { tool in
            (try? Command.run("which", [tool], environment: ["PATH": "/usr/bin:/bin"]).status) == 0
        }

    @Test(arguments: InstallerTests.shells, tools)
    func json(_ shell: [String], _ tool: String) throws {
        let mine = #"{"log-level": "warn", "registry-mirrors": ["https://m.lan"]}"#
        let node = try node(shell, Self.json, mine)
        let path = try programs(node, tool)
        let before = try node.tree
        #expect(try node.install("docker", path: path).status == 0)
        var merged = try JSON(parsing: Array(node.text(Self.json).utf8))
        #expect(merged["log-level"]?.string == "warn")
        let mirrors = merged["registry-mirrors"]?.array?.compactMap(\.string)
        #expect(mirrors == ["https://r.lan", "https://m.lan"])

        // Somebody else changes it, and the host changes.
        let text = try node.text(Self.json).replacing("warn", with: "info")
        try node.write(Self.json, text)
        try node.write(try kit("new.lan", "docker.io"))
        #expect(try node.install("docker", path: path).status == 0)
        merged = try JSON(parsing: Array(node.text(Self.json).utf8))
        #expect(merged["log-level"]?.string == "info")
        let changed = merged["registry-mirrors"]?.array?.compactMap(\.string)
        #expect(changed == ["https://new.lan", "https://m.lan"])

        #expect(try node.install("--uninstall", path: path).status == 0)
        let rest = try JSON(parsing: Array(node.text(Self.json).utf8))
        #expect(rest["log-level"]?.string == "info")
        #expect(rest["registry-mirrors"]?.array?.compactMap(\.string) == ["https://m.lan"])
        try node.write(Self.json, mine)
        #expect(try node.tree == before)
    }

    /// An uninstall restores every byte of a file that nobody changed.
    @Test(arguments: InstallerTests.shells)
    func bytesComeBack(_ shell: [String]) throws {
        let node = try node(shell, Self.json, "{ \"debug\":false }")
        guard !Self.tools.isEmpty else { return }
        let before = try node.tree
        #expect(try node.install("docker").status == 0)
        #expect(try node.text(Self.json).contains("https://r.lan"))
        #expect(try node.install("--uninstall").status == 0)
        #expect(try node.tree == before)
    }

    @Test(arguments: InstallerTests.shells)
    func withoutAProgramForJSON(_ shell: [String]) throws {
        let node = try node(shell, Self.json, #"{"log-level": "warn"}"#)
        let path = try programs(node)
        let before = try node.tree
        let refused = try node.install("docker", path: path)
        #expect(refused.status == 1)
        #expect(refused.errors.contains(#"      "registry-mirrors": ["https://r.lan"]"#))
        #expect(try node.tree == before)
        // An administrator who follows the advice.
        try node.write(
            Self.json,
            #"{"log-level": "warn", "registry-mirrors": [ "https://r.lan" ]}"#
        )
        let own = try node.tree
        #expect(try node.install("docker", path: path).status == 0)
        #expect(try node.install("--uninstall", path: path).status == 0)
        #expect(try node.tree == own)
    }

    @Test(arguments: InstallerTests.shells, ["[]", "{", #"{"registry-mirrors": "x"}"#])
    func jsonThatCannotBeMerged(_ shell: [String], _ text: String) throws {
        let node = try node(shell, Self.json, text)
        let before = try node.tree
        #expect(try node.install("docker").status == 1)
        #expect(try node.tree == before)
    }

    private static let own = """
        # mine
        mirrors:
            registry.corp:
                endpoint:
                    - "https://m.lan"
        """

    @Test(arguments: InstallerTests.shells)
    func yaml(_ shell: [String]) throws {
        let node = try node(shell, Self.yaml, Self.own)
        let before = try node.tree
        let result = try node.install("k3s")
        #expect(result.status == 0, "\(result)")
        let mark = " # regstatic\n"
        let merged = try node.text(Self.yaml)
        #expect(
            merged == "# mine\nmirrors:\n    \"docker.io\":\(mark)      endpoint:\(mark)"
                + "        - \"https://r.lan\"\(mark)    \"quay.io\":\(mark)      endpoint:\(mark)"
                + "        - \"https://r.lan\"\(mark)    registry.corp:\n        endpoint:\n"
                + "            - \"https://m.lan\"\nconfigs:\(mark)  \"r.lan\":\(mark)    tls:\(mark)"
                + "      ca_file: \"/etc/rancher/k3s/regstatic-ca.crt\"\(mark)"
        )
        try node.write(try kit("new.lan", "docker.io"))
        #expect(try node.install("k3s").status == 0)
        let changed = try node.text(Self.yaml)
        #expect(!changed.contains("quay.io") && !changed.contains("r.lan\""))
        #expect(changed.contains("https://new.lan"))
        #expect(try node.install("--uninstall").status == 0)
        #expect(try node.tree == before)
    }

    /// An administrator who follows the advice, in another order and form.
    @Test(arguments: InstallerTests.shells)
    func yamlThatHasTheSettings(_ shell: [String]) throws {
        let text = """
            configs:
              r.lan:
                tls:
                  ca_file: /etc/rancher/k3s/regstatic-ca.crt
            mirrors:
              quay.io:
                endpoint:
                  - https://r.lan
              docker.io:
                endpoint:
                  - 'https://r.lan'

            """
        let node = try node(shell, Self.yaml, text)
        #expect(try node.install("k3s").status == 0)
        #expect(try node.text(Self.yaml) == text)
    }

    @Test(
        arguments: InstallerTests.shells,
        [
            "mirrors: {}\n", "{mirrors: {}}\n", "mirrors:\n  docker.io:\n    endpoint: [x]\n",
            "mirrors:\n\tx:\n", "mirrors:\nmirrors:\n", "\"mirrors\":\n  x:\n", "- x\n",
        ]
    )
    func yamlThatCannotBeMerged(_ shell: [String], _ text: String) throws {
        let node = try node(shell, Self.yaml, text)
        let before = try node.tree
        let refused = try node.install("k3s")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("      \"docker.io\":"))
        #expect(try node.tree == before)
    }
}
