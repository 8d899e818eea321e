// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

@testable import Certificates

/// The certificates as others see them.
@Suite struct ExtensionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ hosts: String..., days: Int = 825) throws -> CertificateFolder.Content {
        try CertificateFolder.make(folder["tls"], for: HostList(hosts), days: days, now: .now)
    }

    @Test func authority() throws {
        let content = try make("registry.plant.lan", "10.0.0.5", "::1")
        let text = try OpenSSL.text(folder["tls/ca.crt"])
        for part in [
            "Version: 3", "CA:TRUE, pathlen:0", "Basic Constraints: critical",
            "Key Usage: critical", "Certificate Sign, CRL Sign", "Name Constraints: critical",
            "DNS:registry.plant.lan", "IP:10.0.0.5/255.255.255.255", "Subject Key Identifier",
            "ecdsa-with-SHA256", "NIST CURVE: P-256",
            "Subject: CN = regstatic CA registry.plant.lan \(Timestamp.now)",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(content.authority.end.days(after: .now) == 3651)
        #expect(content.authority.isAuthority)
    }

    @Test func server() throws {
        let content = try make("registry.plant.lan", "10.0.0.5", "::1")
        let text = try OpenSSL.text(folder["tls/registry.crt"])
        for part in [
            "CA:FALSE", "Basic Constraints: critical", "TLS Web Server Authentication",
            "Key Usage: critical\n                Digital Signature\n", "Authority Key Identifier",
            "DNS:registry.plant.lan, IP Address:10.0.0.5, IP Address:0:0:0:0:0:0:0:1",
            "Subject Key Identifier", "Subject: O = regstatic server registry.plant.lan",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(!content.server.isAuthority)
        #expect(
            content.server.hosts.map(\.description) == ["registry.plant.lan", "10.0.0.5", "::1"]
        )
        let life = content.server.end.seconds - content.server.begin.seconds
        #expect(life == 825 * 86_400 - 1)
        #expect(abs(content.server.begin.seconds + 3600 - Timestamp.now.seconds) < 60)
    }

    @Test func whatOpenSSLReads() throws {
        let server = try make("registry").server
        let path = folder["tls/registry.crt"]
        #expect(try OpenSSL.field("-serial", of: path) == server.serial.uppercased())
        #expect(server.serial.count == 32)
        #expect(try OpenSSL.field("-fingerprint", "-sha256", of: path) == server.fingerprint)
    }

    @Test(arguments: [
        "registry.plant.lan,10.0.0.5", "registry", "*.plant.lan,plant.lan", "10.0.0.5", "::1",
        "2001:db8::1,10.0.0.5,a.b,*.c.d",
    ])
    func trusted(_ hosts: String) throws {
        _ = try make(hosts)
        let (server, ca) = (folder["tls/registry.crt"], folder["tls/ca.crt"])
        for host in try HostList([hosts]).hosts {
            #expect(try OpenSSL.verify(server, ca, for: host) == "OK")
        }
        for other in ["other.lan", "10.0.0.6", "::2"] {
            let answer = try OpenSSL.verify(server, ca, for: Host(other))
            #expect(answer.contains("mismatch"), "\(other)")
        }
    }

    /// With the CA's key, certificates for other hosts can be made, but nobody takes them.
    @Test(arguments: [
        ("registry", "other"), ("registry", "10.0.0.5"), ("registry", "::1"),
        ("10.0.0.5", "registry"), ("10.0.0.5", "10.0.0.6"), ("10.0.0.5", "::1"),
        ("::1", "10.0.0.5"), ("r.plant.lan", "plant.lan"),
    ])
    func stolenKey(_ hosts: String, _ other: String) throws {
        let authority = try Authority(for: HostList([hosts]), now: .now)
        let forged = try authority.issue(for: HostList([other]), days: 10, now: .now).certificate
        let ca = try folder.write("ca.crt", authority.certificate.pem())
        let path = try folder.write("forged.crt", forged.pem())
        let answer = try OpenSSL.verify(path, ca, for: Host(other))
        #expect(answer.contains("subtree violation"), "\(answer)")
    }

    /// The longest names and the most hosts still make certificates.
    @Test func large() throws {
        let label = String(repeating: "a", count: 60)
        let hosts = (100...199).map { "h\($0).\(label).\(label).\(label)" }
        let content = try CertificateFolder.make(
            folder["tls"],
            for: HostList(hosts),
            days: 1,
            now: .now
        )
        #expect(content.authority.name.utf8.count == 64)
        #expect(content.authority.name.hasSuffix(" \(Timestamp.now)"))
        let read = try CertificateFolder(folder["tls"]).read()
        #expect(read.server.hosts.map(\.description) == hosts)
        let (server, ca) = (folder["tls/registry.crt"], folder["tls/ca.crt"])
        #expect(try OpenSSL.verify(server, ca, for: Host(hosts[99])) == "OK")
    }
}
