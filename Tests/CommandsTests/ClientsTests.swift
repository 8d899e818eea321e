// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// `regstatic clients` as a user runs it.
@Suite struct ClientsTests {
    let folder: TemporaryFolder
    var site: String { folder["site"] }

    init() throws {
        folder = try TemporaryFolder()
        try build("docker20-many.tar")
    }

    private func run(_ arguments: String...) throws -> Command.Result {
        try Command.run(ProgramTests.binary, arguments)
    }

    @discardableResult
    private func build(_ fixture: String) throws -> Command.Result {
        try run("build", Fixture.path(fixture), "-o", site)
    }

    @Test func fromNothingToAKit() throws {
        let before = try folder.snapshot()
        let none = try run("clients", site)
        #expect(none.status == 1)
        #expect(none.errors.contains("has no address for clients"))
        #expect(none.errors.contains("regstatic clients \(site) --host HOST[:PORT]"))
        #expect(try folder.snapshot() == before)

        #expect(try run("tls", "-q", "--host", "r.plant.lan", "-o", folder["tls"]).status == 0)
        let ca = folder["tls/ca.crt"]
        let made = try run("clients", site, "--host", "r.plant.lan:5000", "--ca", ca)
        #expect(made.status == 0)
        for part in [
            "\nk3s\n", "\"registry-mirrors\": [\"https://r.plant.lan:5000\"]",
            "goes to /etc/docker/certs.d/r.plant.lan:5000/ca.crt", "prefix = \"ghcr.io\"",
            "[host.\"https://r.plant.lan:5000\"]",
            "try: docker pull r.plant.lan:5000/acme/tool:1.0.html",
        ] { #expect(made.text.contains(part), "\(part)") }
        #expect(made.errors.contains("\(site)/clients"))
        #expect(try folder.text("site/clients/ca.crt") == folder.text("tls/ca.crt"))
        #expect(try run("clients", site).text == made.text)
        #expect(try run("verify", site).status == 0)
        #expect(try build("docker20-one.tar").errors.contains("\(site)/clients/README.txt"))
    }

    @Test func buildSaysHowToGetOne() throws {
        #expect(try build("docker20-one.tar").errors.contains("regstatic clients \(site) --host"))
    }

    /// People write NAME/image and not NAME:443/image, which is another name for clients.
    @Test func usualPort() throws {
        let made = try run("clients", site, "--host", "r.plant.lan:443")
        #expect(made.errors.contains("images are named r.plant.lan/…, without the port"))
        #expect(made.text.contains("try: docker pull r.plant.lan/acme/tool:1.0.html"))
        // Without its port, the name would be a part of a name on Docker Hub.
        let short = try run("clients", site, "--host", "registry:443")
        #expect(short.text.contains("try: docker pull registry:443/acme/tool:1.0.html"))
        let plain = try run("clients", site, "--host", "r.plant.lan:443", "--http")
        #expect(plain.text.contains("try: docker pull r.plant.lan:443/acme/tool:1.0.html"))
    }

    @Test func plainHTTP() throws {
        let result = try run("clients", site, "--host", "10.0.0.5:5000", "--http")
        #expect(result.status == 0)
        #expect(result.text.contains("\"insecure-registries\": [\"10.0.0.5:5000\"]"))
        #expect(result.errors.contains("clients can't verify the server"))
        #expect(try folder.text("site/clients/README.txt").contains("can't verify the server"))
    }

    @Test func oneClient() throws {
        #expect(try run("clients", "-q", site, "--host", "r.lan", "--http").errors.isEmpty)
        let result = try run("clients", site, "--client", "k3s")
        #expect(result.text.hasPrefix("k3s\n"))
        #expect(!result.text.contains("RKE2"))
        let two = try run("clients", site, "--client", "rke2,podman")
        #expect(two.text.hasPrefix("RKE2\n") && two.text.contains("\npodman, buildah"))
        let node = try run("clients", site, "--client", "kubernetes").text
        #expect(node.hasPrefix("containerd, ") && node.contains("CRI-O") && !node.contains("k3s"))
    }

    /// Asked for, with a warning; kept by a build, and gone when the address is given without it.
    @Test func shortNames() throws {
        let list = "unqualified-search-registries = [\"docker.io\"]"
        let conf = "site/clients/containers/registries.conf.d/50-regstatic.conf"
        let made = try run("clients", site, "--host", "r.lan", "--http", "--short-names")
        #expect(made.status == 0 && made.text.contains(list))
        #expect(made.errors.contains("that somebody else made"))
        #expect(try build("docker28-one.tar").status == 0)
        #expect(try folder.text(conf).contains(list))
        #expect(try run("verify", site).status == 0)
        #expect(try !run("clients", site).errors.contains("somebody else"))
        #expect(try run("clients", site, "--host", "r.lan", "--http").status == 0)
        #expect(try !folder.text(conf).contains("unqualified"))
    }

    @Test func json() throws {
        let result = try run("clients", site, "--host", "r.lan", "--http", "--json")
        let document = try JSON(parsing: Array(result.text.utf8.dropLast()))
        #expect(document["address"]?.string == "http://r.lan")
        #expect(document["registry"]?.string == "r.lan")
        let clients = try #require(document["clients"]?.array)
        #expect(clients.first?["client"]?.string == "docker")
        let file = try #require(clients.first?["files"]?.array?.first)
        #expect(file["path"]?.string == "docker/daemon.json")
        #expect(file["targets"]?.array == [.string("/etc/docker/daemon.json")])
        #expect(file["shared"] == .bool(true))
        let content = try #require(file["content"]?.string)
        #expect(try folder.text("site/clients/docker/daemon.json") == content)
        let daemon = try JSON(parsing: Array(content.utf8))
        #expect(daemon["registry-mirrors"]?.array == [.string("http://r.lan")])
    }

    @Test func refusals() throws {
        let before = try folder.snapshot()
        for arguments in [
            ["--host", "https://r.lan"], ["--host", "r.lan/x"], ["--host", "registry"],
            ["--host", "r.lan:0"], ["--host", "*.r.lan"], ["--host", "a b.c"], ["--http"],
            ["--ca", "x"], ["--short-names"], ["--host", "r.lan", "--http", "--ca", "x"],
            ["--client", "lxc"],
            ["--host", "a,b.lan"], ["--host", ""],
        ] {
            let result = try Command.run(ProgramTests.binary, ["clients", site] + arguments)
            #expect(result.status == 64, "\(arguments)")
        }
        let bare = try run("clients", site, "--host", "registry")
        #expect(bare.errors.contains("as in registry.plant.lan, or add the port: registry:443"))
        #expect(try run("clients", site, "--host", "r.lan", "--ca", "/no/file").status == 4)
        #expect(try run("clients", folder["none"], "--host", "r.lan").status == 4)
        #expect(try folder.snapshot() == before)
    }

    /// Clients would refuse what the server shows, with words that nobody understands.
    @Test func aCAForOtherHosts() throws {
        #expect(try run("tls", "-q", "--host", "r.lan", "-o", folder["tls"]).status == 0)
        let ca = folder["tls/ca.crt"]
        let result = try run("clients", site, "--host", "10.0.0.5:5000", "--ca", ca)
        #expect(result.status == 1)
        #expect(result.errors.contains("can't sign for 10.0.0.5: it is limited to r.lan"))
        #expect(try run("clients", site, "--host", "x.r.lan:1", "--ca", ca).status == 0)
    }

    /// What changes with every renewal is nothing for clients to trust.
    @Test func aServersCertificateIsNoCA() throws {
        #expect(try run("tls", "-q", "--host", "r.lan", "-o", folder["tls"]).status == 0)
        let certificate = folder["tls/registry.crt"]
        let result = try run("clients", site, "--host", "r.lan", "--ca", certificate)
        #expect(result.status == 1)
        #expect(result.errors.contains("is a server's certificate"))
        let key = try run("clients", site, "--host", "r.lan", "--ca", folder["tls/ca.key"])
        #expect(key.status == 4)
        #expect(!folder.exists("site/clients"))
    }
}

/// The kit's own program, on a machine that is a folder.
@Suite struct InstallerTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try build("docker20-many.tar")
        try folder.write(
            "root/etc/containers/policy.json",
            #"{"default": [{"type": "insecureAcceptAnything"}]}"#
        )
        try folder.write(
            "root/etc/containerd/config.toml",
            """
            version = 2
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "/etc/containerd/certs.d"
            """
        )
    }

    private func build(_ fixture: String) throws {
        let archive = Fixture.path(fixture)
        let built = try Command.run(
            ProgramTests.binary,
            ["build", "-q", archive, "-o", folder["site"]]
        )
        #expect(built.status == 0)
    }

    private func address(_ host: String, _ options: String...) throws {
        let arguments = ["clients", "-q", folder["site"], "--host", host] + options
        #expect(try Command.run(ProgramTests.binary, arguments).status == 0)
    }

    private func install(_ clients: String...) throws -> Command.Result {
        let script = "DESTDIR='\(folder["root"])' sh '\(folder["site/clients/install.sh"])' \"$@\""
        return try Command.run("sh", ["-c", script, "sh"] + clients)
    }

    /// The files of the machine, without the script's record.
    private func installed() throws -> [String] {
        try folder.snapshot("root").filter { if case .file = $0.value { true } else { false } }
            .keys.filter { !$0.hasPrefix("var/lib/regstatic/") }.sorted()
    }

    @Test func everyFileAtItsPlace() throws {
        let tls = ["tls", "-q", "--host", "r.lan", "-o", folder["tls"]]
        #expect(try Command.run(ProgramTests.binary, tls).status == 0)
        try address("r.lan:5000", "--ca", folder["tls/ca.crt"])
        let result = try install("docker", "containerd", "podman", "k3s", "rke2", "system")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains("docker: files in place; the registry wasn't asked\n"))
        #expect(
            try installed() == [
                "etc/containerd/certs.d/docker.io/hosts.toml",
                "etc/containerd/certs.d/ghcr.io/hosts.toml",
                "etc/containerd/certs.d/r.lan_5000_/ca.crt",
                "etc/containerd/certs.d/r.lan_5000_/hosts.toml",
                "etc/containerd/certs.d/registry.corp_5000_/hosts.toml",
                "etc/containerd/config.toml",
                "etc/containers/certs.d/r.lan:5000/ca.crt", "etc/containers/policy.json",
                "etc/containers/registries.conf.d/50-regstatic.conf",
                "etc/docker/certs.d/docker.io/hosts.toml", "etc/docker/certs.d/ghcr.io/hosts.toml",
                "etc/docker/certs.d/r.lan:5000/ca.crt", "etc/docker/certs.d/r.lan_5000_/ca.crt",
                "etc/docker/certs.d/registry.corp_5000_/hosts.toml", "etc/docker/daemon.json",
                "etc/rancher/k3s/registries.yaml", "etc/rancher/k3s/regstatic-ca.crt",
                "etc/rancher/rke2/registries.yaml", "etc/rancher/rke2/regstatic-ca.crt",
                "usr/local/share/ca-certificates/regstatic.crt",
            ]
        )
        let again = try install("docker", "k3s")
        #expect(again.status == 0)
        #expect(!again.text.contains("written:"))
    }

    /// IPv6 has colons that the kit's folders can't have.
    @Test func ipv6() throws {
        try address("[2001:db8::1]:5000", "--http")
        #expect(try install("containerd").status == 0)
        let file = "etc/containerd/certs.d/[2001:db8::1]_5000_/hosts.toml"
        #expect(try installed().contains(file))
    }

    /// Ours of an earlier kit are replaced; another's is nobody's to change.
    @Test func anothersFilesStay() throws {
        try address("r.lan", "--http")
        try folder.write("root/etc/docker/daemon.json", "[]\n")
        let first = try install("docker", "podman")
        #expect(first.status == 1)
        #expect(
            first.errors.contains("/etc/docker/daemon.json has other settings. Add these")
        )
        #expect(try folder.text("root/etc/docker/daemon.json") == "[]\n")
        try address("other.lan", "--http")
        let second = try install("podman")
        #expect(second.status == 0)
        let conf = try folder.text("root/etc/containers/registries.conf.d/50-regstatic.conf")
        #expect(conf.contains("other.lan") && !conf.contains("\"r.lan"))
    }

    @Test func strangersAreRefused() throws {
        try address("r.lan", "--http")
        let result = try install("lxc")
        #expect(result.status == 64)
        #expect(result.errors.contains("install.sh: unknown engine: lxc"))
        #expect(try install("system").text.contains("needs no file"))
    }
}
