// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Certificates
import SiteModel
import ClientKit
import OCI
import Testing

/// What a site remembers, written and read again.
@Suite struct ClientSettingsTests {
    private func record(
        _ address: RegistryAddress?,
        _ mirrors: Set<MirroredHost> = []
    ) throws -> ClientSettings {
        var record = ClientSettings()
        record.address = address
        try record.add(mirrors)
        return record
    }

    private func read(_ members: KeyValuePairs<String, String>) throws -> ClientSettings {
        try ClientSettings(annotations: members.map { JSON.Member("regstatic.\($0)", .string($1)) })
    }

    @Test func roundTrips() throws {
        let mirrors = try Sample.mirrors("docker.io", "docker.io=p", "a.b:1=a.b_1", "[::1]:5000")
        for address in [
            nil, try Sample.http("10.0.0.5:5000"), try Sample.https("r.lan"),
            try Sample.privateHTTPS("[::1]:5000"),
        ] {
            for mirrors in [[], mirrors] {
                let record = try record(address, mirrors)
                #expect(try ClientSettings(annotations: record.annotations) == record)
            }
        }
        #expect(try record(nil).annotations.isEmpty)
    }

    /// Sorted: a function of what it says.
    @Test func form() throws {
        let mirrors = try Sample.mirrors("quay.io", "docker.io=q", "docker.io", "docker.io=p/q")
        let members = try record(try Sample.http("R.lan:80"), mirrors).annotations
        #expect(
            members == [
                JSON.Member("regstatic.address", .string("http://r.lan:80")),
                JSON.Member(
                    "regstatic.mirrors",
                    .string("docker.io docker.io=p/q docker.io=q quay.io")
                ),
            ]
        )
    }

    @Test(
        arguments: [
            "", "r.lan", "ftp://r.lan", "https://", "https://registry", "https://r.lan/v2",
            "https://r.lan:0", "https://*.lan.x", "https://a\nb", "https://r.lan\"",
            "https://u@r.lan",
        ]
    )
    func noAddress(_ text: String) {
        #expect(throws: ClientSettingsError.address(text)) { try read(["address": text]) }
    }

    @Test(arguments: ["=x", "a.b=", "a.b=X", "a.b=x=y", "a_b", "*.a.b", "https://a.b", "a.b=../x"])
    func noMirror(_ text: String) {
        #expect(throws: ClientSettingsError.mirror(text)) { try read(["mirrors": text]) }
    }

    @Test func noAuthority() {
        let pem = String(repeating: "x", count: TrustedCA.sizeLimit + 1)
        #expect(throws: ClientSettingsError.authority) {
            try read(["address": "https://r.lan", "ca": pem])
        }
    }

    @Test func tooManyMirrors() throws {
        let names = (1...1000).map { "h\($0).lan" }.joined(separator: " ")
        #expect(try read(["mirrors": names]).mirrors.count == 1000)
        #expect(throws: ClientSettingsError.tooManyMirrors(limit: 1000)) {
            try read(["mirrors": names + " h1001.lan"])
        }
    }

    /// A key that lies in the same file goes nowhere.
    @Test func onlyCertificatesAreTaken() throws {
        let key = "-----BEGIN \("PRIVATE") KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"
        let bytes = Array("words\n\(Sample.pem)\(key)".utf8)
        #expect(try Certificate.trustAnchors(pem: bytes, file: "x") == Sample.pem)
        #expect(throws: CertificateError.self) {
            try Certificate.trustAnchors(pem: Array(key.utf8), file: "x")
        }
    }

    /// A damaged certificate must not shorten a bundle in silence.
    @Test func damagedSecondCertificate() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        #expect(throws: CertificateError.self) {
            try Certificate.trustAnchors(pem: Array((Sample.pem + broken).utf8), file: "x")
        }
    }
}
