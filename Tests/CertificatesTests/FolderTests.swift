// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Glibc
import Store
import Streams
import TestSupport
import Testing

@testable import Certificates

@Suite struct FolderTests {
    let folder: TemporaryFolder
    var path: String { folder["a/tls"] }

    init() throws { folder = try TemporaryFolder() }

    private func make(_ hosts: String = "registry", now: Timestamp = .now) throws {
        _ = try CertificateFolder.make(path, for: HostList([hosts]), days: 825, now: now)
    }

    private func renew(
        _ hosts: String? = nil,
        now: Timestamp = .now
    ) throws -> CertificateFolder.Content {
        let list = try hosts.map { try HostList([$0]) }
        return try CertificateFolder(path).renew(for: list, days: 825, now: now)
    }

    private func modes() throws -> [String: Int] {
        try folder.snapshot("a/tls")
            .mapValues {
                if case .file(_, let mode) = $0 { mode } else { 0 }
            }
    }

    private static let expectedModes = [
        "ca.crt": 0o644, "ca.key": 0o600, "registry.crt": 0o644, "registry.key": 0o600,
    ]

    @Test func files() throws {
        try make()
        #expect(try modes() == Self.expectedModes)
        #expect(try folder.snapshot("a")["tls"] == .folder(mode: 0o755))
        let (server, ca) = (try folder.text("a/tls/registry.crt"), try folder.text("a/tls/ca.crt"))
        #expect(server.hasSuffix(ca), "a chain")
        #expect(server.components(of: "BEGIN CERTIFICATE") == 2)
        #expect(ca.components(of: "BEGIN CERTIFICATE") == 1)
        for name in ["ca.key", "registry.key"] {
            #expect(try folder.text("a/tls/\(name)").hasPrefix("-----BEGIN PRIVATE KEY-----"))
        }
    }

    @Test func emptyFolder() throws {
        try folder.makeFolder("a/tls")
        try folder.write("a/tls/.ca.key.regstatic-new", "from a run that died")
        try make()
        #expect(try modes() == Self.expectedModes)
    }

    @Test func existing() throws {
        try make("registry,10.0.0.5")
        let before = try folder.snapshot()
        let until = try CertificateFolder(path).read().server.end
        let error = CertificateError.exists(
            folder: path,
            hosts: "registry, 10.0.0.5",
            until: until
        )
        #expect(throws: error) { try make("other") }
        #expect(try folder.snapshot() == before)
    }

    @Test(arguments: ["ca.crt", "ca.key", "registry.crt", "registry.key"])
    func existingFile(_ name: String) throws {
        try folder.write("a/tls/\(name)", "mine")
        #expect(throws: CertificateError.exists(folder: path, hosts: nil, until: nil)) {
            try make()
        }
        #expect(try folder.text("a/tls/\(name)") == "mine")
    }

    @Test func otherFiles() throws {
        try folder.write("a/tls/letter", "dear")
        #expect(throws: CertificateError.notEmpty(folder: path, file: "letter")) { try make() }
    }

    @Test func noFolder() throws {
        try folder.write("a/tls", "a file")
        #expect(throws: FileError.self) { try make() }
        #expect(throws: FileError.self) { try CertificateFolder(folder["none"]) }
    }

    // MARK: Renewal

    @Test func renewal() throws {
        try make("registry,10.0.0.5")
        let (before, old) = (try folder.snapshot("a/tls"), try CertificateFolder(path).read())
        let later = Timestamp.now.adding(days: 100)
        let new = try renew(now: later)
        let after = try folder.snapshot("a/tls")
        #expect(Tree.differences(before, after) == ["registry.crt", "registry.key"])
        #expect(try modes() == Self.expectedModes)
        #expect(new.authority.equals(old.authority))
        #expect(new.server.serial != old.server.serial)
        #expect(new.server.hosts == old.server.hosts)
        #expect(new.server.end.days(after: old.server.end) >= 99)
        #expect(try CertificateFolder(path).read().server.equals(new.server))
    }

    @Test func renewalForOtherHosts() throws {
        try make("plant.lan,10.0.0.5")
        #expect(try renew("r.plant.lan").server.hosts.map(\.description) == ["r.plant.lan"])
        let ca = "\(path)/ca.crt"
        let (other, address) = (try Host("other"), try Host("::1"))
        let error = CertificateError.outsideLimits(
            hosts: [other, address],
            limits: "plant.lan, 10.0.0.5",
            authority: ca
        )
        #expect(throws: error) { try renew("other,plant.lan,::1") }
    }

    /// The keys went to the server, as they should.
    @Test func renewalWithoutTheOldPair() throws {
        try make()
        try folder.remove("a/tls/registry.key")
        _ = try renew()
        try folder.remove("a/tls/registry.key")
        try folder.remove("a/tls/registry.crt")
        #expect(throws: CertificateError.noHosts(folder: path)) { try renew() }
        _ = try renew("registry")
        #expect(try modes() == Self.expectedModes)
    }

    @Test func renewalAtTheEnd() throws {
        try make(now: Timestamp.now.adding(days: -3600))
        let late = try renew()
        #expect(late.server.end == late.authority.end)
        let after = late.authority.end.adding(days: 1)
        let error = CertificateError.authorityExpired(
            "\(path)/ca.crt",
            since: late.authority.end
        )
        #expect(throws: error) { try renew(now: after) }
    }

    // MARK: What isn't ours

    @Test func otherKey() throws {
        try make()
        let key = try folder.read("a/tls/registry.key")
        try folder.write("a/tls/ca.key", key)
        let error = CertificateError.keyMismatch(
            key: "\(path)/ca.key",
            certificate: "\(path)/ca.crt"
        )
        #expect(throws: error) { try renew() }
    }

    @Test(arguments: [nil, "registry"]) func otherAuthority(_ hosts: String?) throws {
        try make()
        let old = try folder.snapshot("a/tls")
        let other = try Authority(for: HostList(["registry"]), now: .now)
        try folder.write("a/tls/ca.crt", other.certificate.pem())
        try folder.write("a/tls/ca.key", other.key.pem())
        let error = CertificateError.otherAuthority(
            certificate: "\(path)/registry.crt",
            authority: "\(path)/ca.crt"
        )
        #expect(throws: error) { try renew(hosts) }
        #expect(throws: error) { try CertificateFolder(path).read() }
        #expect(try folder.snapshot("a/tls")["registry.key"] == old["registry.key"])
    }

    @Test func foreignAuthority() throws {
        try folder.makeFolder("a/tls")
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=My CA", "-keyout", "\(path)/ca.key", "-out", "\(path)/ca.crt",
        ]
        #expect(try Command.run("openssl", arguments).status == 0)
        #expect(throws: CertificateError.foreign("\(path)/ca.crt")) { try renew("registry") }
    }

    @Test(arguments: ["", "no", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func damaged(_ text: String) throws {
        try make()
        try folder.write("a/tls/ca.crt", text)
        do {
            _ = try renew()
            Issue.record("renewed")
        } catch CertificateError.unreadable(let file, let reason) {
            #expect(file == "\(path)/ca.crt")
            #expect(!reason.isEmpty)
        }
    }

    /// A password is not asked for: nobody may be there.
    @Test func encryptedKey() throws {
        try make()
        let key = "\(path)/ca.key"
        let arguments = ["ec", "-aes128", "-passout", "pass:x", "-in", key, "-out", key]
        #expect(try Command.run("openssl", arguments).status == 0)
        #expect(throws: CertificateError.self) { try renew() }
    }

    // MARK: Reading

    @Test func onTheServer() throws {
        try make()
        try folder.remove("a/tls/ca.crt")
        try folder.remove("a/tls/ca.key")
        let content = try CertificateFolder(path).read()
        #expect(content.authority.name.hasPrefix("regstatic CA registry "))
        let other = try PrivateKey().pem()
        try folder.write("a/tls/registry.key", other)
        #expect(throws: CertificateError.self) { try CertificateFolder(path).read() }
        try folder.remove("a/tls/registry.crt")
        #expect(throws: CertificateError.missing("\(path)/registry.crt")) {
            try CertificateFolder(path).read()
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
