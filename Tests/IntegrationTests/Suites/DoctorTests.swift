// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// `regstatic doctor` against real servers: right ones, and ones with one fault each.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .servingPlainTags)
    struct DoctorTests {
        private let site: ServedSite
        private var workspace: Workspace { site.workspace }

        init() throws { site = try ServedSite.required() }

        private func problems(_ url: String, _ options: String...) throws -> [String: String] {
            try workspace.doctor(url, options)
        }

        @Test func rightServerIsHealthy() throws {
            let url = "http://\(site.http.host)"
            #expect(try problems(url) == [:])
            #expect(try problems(url, "--all", "--deep") == [:])
            #expect(try problems(site.http.host, "--repository", "zoo/multi:1") == [:])
        }

        @Test func rightServerIsHealthyOverTLS() throws {
            let authority = try #require(site.https.authority)
            let found = try problems(site.https.host, "--cacert", authority.certificate)
            // Tests make certificates for two days.
            #expect(found == ["certificate-dates": "warn"])
        }

        @Test func proxiesAreNotForLoopback() throws {
            let proxy = "http_proxy=http://127.0.0.1:9"
            let url = "http://\(site.http.host)"
            try workspace.run("env", proxy, Workspace.regstatic, "doctor", url, "-q").succeeded()
        }

        @Test(arguments: ServerFault.all) func faultIsFound(_ fault: ServerFault) throws {
            let server = try NginxServer(workspace, fault)
            defer { server.stop() }
            #expect(try problems(server.endpoint.url) == fault.found)
        }

        @Test func untrustedAuthority() throws {
            let found = try problems(site.https.url)
            #expect(found == ["certificate-trust": "fail", "certificate-dates": "warn"])
        }

        @Test(
            arguments: [
                ("expired", "IP:127.0.0.1", -1, ["certificate-dates": "fail"]),
                ("other", "DNS:registry.example", 90, ["certificate-name": "fail"]),
                ("good", "IP:127.0.0.1", 90, [:]),
            ] as [(String, String, Int, [String: String])]
        )
        func certificate(
            _ name: String,
            _ subject: String,
            _ days: Int,
            _ expected: [String: String]
        ) throws {
            let authority = try #require(site.https.authority)
            let certificate = try authority.issue(workspace, name, for: subject, days: days)
            let port = try NginxServer.freePort()
            let server = try NginxServer(workspace, certificate, port: port)
            defer { server.stop() }
            let url = "https://127.0.0.1:\(port)"
            #expect(try problems(url, "--cacert", authority.certificate) == expected)
        }

        @Test func redirectToAnotherHost() throws {
            let target = "return 307 \(site.http.url)$request_uri;"
            let header = "add_header Docker-Content-Digest $regstatic_ref;"
            let fault = ServerFault("", ["redirects": "warn"], (header, target))
            try faultIsFound(fault)
        }

        /// Clients pull through a proxy that compresses, because they decode what they asked for.
        @Test func proxyThatCompresses() throws {
            let proxy = try NginxServer(
                workspace,
                before: """
                    gzip on; gzip_proxied any; gzip_types *; gzip_min_length 1;
                    location / { proxy_pass \(site.http.url); add_header Via "1.1 proxy"; }
                    """
            )
            defer { proxy.stop() }
            let outcome = try workspace.regstatic("doctor", proxy.endpoint.url)
            #expect(outcome.status == 0)
            #expect(outcome.text.contains(" through 1.1 proxy, answers in"))
            #expect(outcome.text.contains("found     Content-Encoding: gzip, Via: 1.1 proxy"))
            #expect(outcome.text.contains("the proxy or CDN in front of it"))
            #expect(
                try problems(proxy.endpoint.url) == [
                    "manifest-encoding": "warn", "blob-encoding": "warn",
                ]
            )
        }

        /// The server knows neither the port nor the scheme that the client used.
        @Test func redirectBehindAProxy() throws {
            let proxy = try NginxServer(
                workspace,
                before: "location / { proxy_pass \(site.http.url); proxy_redirect off; }"
            )
            defer { proxy.stop() }
            #expect(try HTTPClient(workspace, proxy.endpoint).get("/v2")["location"] == "/v2/")
            #expect(try problems(proxy.endpoint.url) == [:])
        }

        @Test func damagedLayerIsFoundIfDeep() throws {
            let layer = try layer()
            let path = "site/blobs/sha256/\(layer.digest.hex)"
            let whole = try workspace.folder.read(path)
            defer { _ = try? workspace.folder.write(path, whole) }
            var wrong = whole
            wrong[wrong.count - 1] ^= 1
            try workspace.folder.write(path, wrong)
            let url = site.http.url
            #expect(try problems(url, "--repository", "zoo/hello") == [:])
            let deep = try problems(url, "--repository", "zoo/hello", "--deep")
            #expect(deep == ["blob-content": "fail"])
            try workspace.folder.write(path, Array(whole.dropLast()))
            let cut = try problems(url, "--repository", "zoo/hello", "--deep")
            #expect(cut == ["blob-head": "fail", "blob-range": "fail", "blob-content": "fail"])
        }

        private func layer() throws -> Descriptor {
            let answer = try site.client.get("/v2/zoo/hello/manifests/1")
            let layers = try JSON(parsing: answer.body)["layers"]?.array
            let all = (layers ?? []).compactMap(Descriptor.init)
            return try #require(all.max { $0.size < $1.size })
        }

        @Test(.needs(.python)) func pythonServesNobody() throws {
            let port = try NginxServer.freePort()
            let module = ["python3", "-m", "http.server", "-b", "127.0.0.1", "\(port)"]
            let server = try workspace.start(module + ["-d", workspace["site"]])
            defer { server.stop() }
            let endpoint = Endpoint(host: "127.0.0.1:\(port)", authority: nil)
            try endpoint.waitForAnswer(workspace, from: server)
            #expect(
                try problems(endpoint.url) == [
                    "manifest-type": "fail", "digest-header": "warn", "blob-range": "fail",
                    "blob-parts": "warn", "missing-body": "warn", "referrers": "warn",
                    "refusal-form": "warn",
                ]
            )
        }

        @Test func nobodyAnswers() throws {
            let port = try NginxServer.freePort()
            let outcome = try workspace.regstatic("doctor", "127.0.0.1:\(port)")
            #expect(outcome.status == 5)
            #expect(outcome.errors.hasPrefix("error: no answer: "))
            let plain = try workspace.regstatic("doctor", "https://\(site.http.host)")
            #expect(plain.status == 5)
            #expect(plain.errors.contains("http://"))
        }

        @Test func serverSpeaksOnlyTLS() throws {
            let outcome = try workspace.regstatic("doctor", "http://\(site.https.host)")
            #expect(outcome.status == 5)
            #expect(outcome.errors.contains("\(site.https.host) speaks TLS, not plain HTTP"))
            #expect(outcome.errors.contains("https://"))
        }

        /// What a person reads: each point on a line, then each problem with its fix.
        @Test func textSaysWhatToDo() throws {
            let fault = ServerFault.all[0]
            let server = try NginxServer(workspace, fault)
            defer { server.stop() }
            let outcome = try workspace.regstatic("doctor", server.endpoint.url)
            #expect(outcome.status == 1)
            for part in [
                "\n  ok   GET /v2/ answers 200\n", "\n  FAIL a manifest's Content-Type is",
                "expected  application/vnd.", "found     application/octet-stream",
                "docker: missing signature key", "SITE/servers/nginx/registry.conf",
            ] {
                #expect(outcome.text.contains(part), "\(part)")
            }
            #expect(!outcome.text.contains("\u{1B}"))
            let quiet = try workspace.regstatic("doctor", server.endpoint.url, "--quiet")
            #expect(quiet.text.hasPrefix("FAIL manifest-type") && quiet.errors.isEmpty)
        }
    }
}
