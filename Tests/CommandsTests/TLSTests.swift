// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Certificates
import Commands
import OCI
import TestSupport
import Testing

/// `regstatic tls` as a user runs it.
@Suite struct TLSTests {
    let folder: TemporaryFolder
    var path: String { folder["tls"] }

    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: String...) throws -> Command.Result {
        try Command.run(ProgramTests.binary, ["tls"] + arguments)
    }

    private func make(_ hosts: String = "registry.plant.lan,10.0.0.5", days: Int) throws {
        let now = Timestamp.now.adding(days: days - 825)
        _ = try CertificateFolder.make(path, for: HostList([hosts]), days: 825, now: now)
    }

    @Test func make() throws {
        let result = try run("--host", "registry.plant.lan,10.0.0.5", "-o", "\(path)/")
        #expect(result.status == 0)
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines.first?.contains("regstatic CA registry.plant.lan 2") == true)
        #expect(lines.contains("certificate  registry.plant.lan, 10.0.0.5"))
        #expect(lines[4].contains("824 days left"))
        for part in [
            "install -D -m 600 \(path)/registry.key /etc/regstatic/registry.key",
            "/etc/docker/certs.d/registry.plant.lan/ca.crt",
            "/etc/containers/certs.d/registry.plant.lan/ca.crt",
            "ca = \"../registry.plant.lan/ca.crt\"",
            "ca_file: \"/etc/rancher/k3s/regstatic-ca.crt\"", "update-ca-certificates",
            "regstatic clients SITE --host registry.plant.lan[:PORT] --ca \(path)/ca.crt",
            "\(path)/ca.key signs renewals. Keep it offline",
        ] { #expect(result.errors.contains(part), "\(part)") }
        #expect(try run("--show", path).text == result.text)
    }

    @Test(arguments: [
        ("::1", "certs.d/[::1]/"), ("*.a.b", "SITE --host HOST[:PORT]"),
        ("*.a.b,c.d", "certs.d/c.d/"), ("*.a.b,c", "SITE --host c[:PORT]"),
    ])
    func guide(_ hosts: String, _ place: String) throws {
        #expect(try run("--host", hosts, "-o", path).errors.contains(place))
    }

    @Test func json() throws {
        let made = try run("--host", "a", "--host", "::1", "-o", path, "--days", "100", "--json")
        let document = try JSON(parsing: Array(made.text.utf8.dropLast()))
        #expect(document["folder"]?.string == path)
        #expect(document["hosts"]?.array == [.string("a"), .string("::1")])
        #expect(document["ca"]?["daysLeft"]?.integer == 3651)
        #expect(document["ca"]?["name"]?.string?.hasPrefix("regstatic CA a ") == true)
        let certificate = try #require(document["certificate"])
        #expect(certificate["daysLeft"]?.integer == 99)
        #expect(certificate["expired"] == .bool(false))
        #expect(certificate["serial"]?.string?.count == 32)
        #expect(certificate["sha256"]?.string?.count == 95)
        #expect(certificate["notAfter"]?.string?.hasSuffix("Z") == true)
        #expect(try run("--show", path, "--json").text == made.text)
    }

    /// One of them makes the pair, the others find it.
    @Test func manyAtOnce() throws {
        let each = ["-P", "6", "-I", "{}", ProgramTests.binary, "tls", "-q", "--host", "{}"]
        let hosts = (1...6).map { "h\($0)\n" }.joined()
        let result = try Command.run("xargs", each + ["-o", path], input: Array(hosts.utf8))
        #expect(result.text.ranges(of: "certificate  h").count == 1)
        #expect(result.errors.ranges(of: "already has certificates, for h").count == 5)
        #expect(try run("--show", path).text == result.text)
    }

    @Test func quiet() throws {
        let result = try run("-q", "--host", "a", "-o", path)
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        #expect(result.text.hasPrefix("CA "))
    }

    @Test func existing() throws {
        #expect(try run("--host", "a", "-o", path).status == 0)
        let before = try folder.snapshot()
        let again = try run("--host", "a", "-o", path)
        #expect(again.status == 1)
        #expect(
            again.errors.hasPrefix("error: \(path) already has certificates, for a, valid until")
        )
        #expect(again.errors.contains("--renew"))
        #expect(try folder.snapshot() == before)
    }

    @Test func renew() throws {
        #expect(try run("--host", "a", "-o", path).status == 0)
        let before = try folder.snapshot("tls")
        let result = try run("--renew", "-o", path)
        #expect(result.status == 0)
        #expect(result.errors.contains("reload nginx\nYou don't need to change clients"))
        let changed = Tree.differences(before, try folder.snapshot("tls"))
        #expect(changed == ["registry.crt", "registry.key"])
        let more = try run("--renew", "--host", "a,x.a", "-o", path)
        #expect(more.errors.contains("unless they must use another host, such as x.a:\n"))
        #expect(!more.errors.contains("no longer"))
        let fewer = try run("--renew", "--host", "x.a", "-o", path)
        #expect(fewer.errors.contains("The certificate is no longer for a.\n"))
        #expect(fewer.errors.contains("use another host:\n  regstatic clients SITE --host HOST"))
        let same = try run("--renew", "-o", path)
        #expect(same.errors.contains("change clients, because the CA and the hosts are"))
        let other = try run("--renew", "--host", "a,b", "-o", path)
        #expect(other.status == 1)
        #expect(other.errors.contains("can't sign for b: it is limited to a\n"))
    }

    @Test func expired() throws {
        try make(days: -2)
        let result = try run("--show", path)
        #expect(result.status == 2)
        #expect(result.text.contains(", expired\n"))
        #expect(result.errors.contains("error: \(path)/registry.crt expired on "))
        #expect(result.errors.contains("--renew"))
        #expect(try run("--show", path, "--json").text.contains("\"expired\":true"))
        #expect(try run("--renew", "-o", path).status == 0)
        #expect(try run("--show", path).status == 0)
    }

    @Test func expiringSoon() throws {
        try make(days: 20)
        let result = try run("--show", path)
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("warning: \(path)/registry.crt expires in 19 days\n"))
    }

    @Test func notYetValid() throws {
        try make(days: 827)
        let result = try run("--show", path)
        #expect(result.status == 2)
        #expect(result.errors.contains("clock"))
    }

    @Test func refusals() throws {
        for host in ["https://a", "a:5000", "a_b", "", "a,"] {
            let result = try run("--host", host, "-o", path)
            #expect(result.status == 64, "\(host)")
        }
        #expect(!folder.exists("tls"))
        #expect(try run("--show", path).status == 4)
        #expect(try run("--renew", "-o", path).status == 4)
        try folder.write("tls", "a file")
        #expect(try run("--host", "a", "-o", path).status == 4)
        #expect(try folder.text("tls") == "a file")
    }

    /// Keys are the owner's, and the certificates everybody's, whatever the user's habits.
    @Test(arguments: ["077", "000", "022", "277"]) func umask(_ mask: String) throws {
        let command = "umask \(mask) && exec '\(ProgramTests.binary)' tls -q --host a -o '\(path)'"
        let result = try Command.run("sh", ["-c", command])
        #expect(result.status == 0, "\(result.errors)")
        let modes = try folder.snapshot()
            .mapValues { entry in
                switch entry {
                case .file(_, let mode), .folder(let mode): mode
                default: 0
                }
            }
        #expect(
            modes == [
                "tls": 0o755, "tls/ca.crt": 0o644, "tls/ca.key": 0o600,
                "tls/registry.crt": 0o644, "tls/registry.key": 0o600,
            ]
        )
    }
}
