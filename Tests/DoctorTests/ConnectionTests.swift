// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import HTTP
import Testing

@testable import Doctor

@Suite struct ConnectionTests {
    private static let now = 1_000_000_000
    private static let day = 24 * 60 * 60

    private static func certificate(days: Int = 90, names: String = "DNS:host") -> ServedCertificate
    {
        ServedCertificate(
            subject: "CN=host",
            issuer: "CN=CA",
            names: names,
            notAfter: now + days * day
        )
    }

    private func verdicts(_ url: String, _ tls: TLSReport?) throws -> [String: Verdict] {
        let address = try #require(Address(url))
        let client = ProbeClient(address, MadeUpRegistry())
        let context = CheckContext(client: client, tls: tls, now: Self.now)
        let results = Check.connection.compactMap { check -> (String, Verdict)? in
            var run = CheckRun(context)
            check.examine(&run)
            return run.findings.map(\.verdict).max().map { (check.id, $0) }
        }
        return Dictionary(uniqueKeysWithValues: results)
    }

    @Test(
        arguments: [
            (TLSReport(chain: [certificate()]), [:]),
            (
                TLSReport(chain: [certificate()], distrust: .issuer("unable to get local issuer")),
                ["certificate-trust": .fail]
            ),
            (
                TLSReport(chain: [certificate(days: -3)], distrust: .dates("has expired")),
                ["certificate-dates": .fail]
            ),
            (
                TLSReport(chain: [certificate(days: -3)], distrust: .issuer("unknown")),
                ["certificate-trust": .fail, "certificate-dates": .fail]
            ),
            (TLSReport(chain: [certificate(days: 29)]), ["certificate-dates": .warn]),
            (
                TLSReport(chain: [certificate()], wrongName: "no name matches"),
                ["certificate-name": .fail]
            ),
            (TLSReport(chain: [certificate(names: "")]), ["certificate-name": .fail]),
        ] as [(TLSReport, [String: Verdict])]
    )
    func certificateIsJudged(_ tls: TLSReport, _ expected: [String: Verdict]) throws {
        #expect(try verdicts("https://host", tls) == expected)
    }

    @Test(
        arguments: [
            ("http://host:5000", ["encryption": .warn]), ("http://localhost:5000", [:]),
            ("http://127.0.0.1/a", ["host-root": .warn]),
        ] as [(String, [String: Verdict])]
    )
    func addressIsJudged(_ url: String, _ expected: [String: Verdict]) throws {
        #expect(try verdicts(url, nil) == expected)
    }

    @Test(
        arguments: [
            ("nginx/1.22.1", .nginx), ("Apache/2.4.57 (Debian)", .apache), ("Caddy", .caddy),
            ("lighttpd/1.4.69", .lighttpd), ("SimpleHTTP/0.6 Python/3.11.2", .python),
            ("AmazonS3", .objects), ("MinIO", .objects), ("UploadServer", .objects),
            ("Windows-Azure-Blob/1.0", .objects), ("other", .unknown),
        ] as [(String, ServerKind)]
    )
    func serverIsRecognised(_ name: String, _ kind: ServerKind) {
        #expect(ServerKind(Answer(status: 200, headers: [Header("server", name)])) == kind)
    }

    @Test func serverIsRecognisedByBehaviour() {
        let registry = [Header("Docker-Distribution-Api-Version", "registry/2.0")]
        #expect(ServerKind(Answer(status: 200, headers: registry)) == .registry)
        #expect(ServerKind(Answer(status: 200, headers: [Header("x-amz-id-2", "a")])) == .objects)
        let behind = [Header("Server", "nginx"), Header("x-amz-id-2", "a")]
        #expect(ServerKind(Answer(status: 200, headers: behind)) == .objects)
        #expect(ServerKind(Answer(status: 200)) == .unknown)
    }
}

@Suite struct HeaderTests {
    @Test(arguments: [
        ("A: b", "A", "b"), ("A:b", "A", "b"), ("A:  b c \t", "A", "b c"), ("A:", "A", ""),
        ("Date: 12:30", "Date", "12:30"),
    ])
    func isRead(_ line: String, _ name: String, _ value: String) throws {
        let header = try #require(Header(line: line))
        #expect((header.name, header.value) == (name, value))
    }

    @Test func otherLinesAreNone() {
        #expect(Header(line: "HTTP/1.1 200 OK") == nil)
        #expect(Header(line: ": b") == nil)
    }
}
