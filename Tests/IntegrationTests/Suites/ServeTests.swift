// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc
import TestSupport
import Testing

// `regstatic serve`: nginx for as long as it is wanted.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl))
    struct ServeTests {
        @Test(arguments: ["plain", "portable"], [Transport.http, .https])
        func servesUntilItIsEnded(_ layout: String, _ transport: Transport) throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20Many, Fixture.attested], "--layout", layout)
            let authority = transport == .https ? try PrivateCA(workspace) : nil
            let before = try workspace.folder.snapshot("site")
            let port = try NginxServer.freePort()
            try workspace.folder.makeFolder("tmp")
            chmod(workspace["tmp"], 0o755)
            let job = try start(workspace, port, authority)
            let client = HTTPClient(
                workspace,
                Endpoint(host: "127.0.0.1:\(port)", authority: authority)
            )
            try waitFor(client, job)
            try Registry(client, namesTags: layout == "plain").fetchAll("zoo/multi", "1")
            #expect(try !workspace.folder.snapshot("tmp").isEmpty)

            job.send(SIGINT)
            let outcome = try job.wait(20)
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("docker pull 127.0.0.1:\(port)/"))
            #expect(outcome.errors.contains("GET /v2/zoo/multi/manifests/1"))
            #expect(try workspace.folder.snapshot("tmp").isEmpty)
            #expect(Tree.differences(before, try workspace.folder.snapshot("site")) == [])
            #expect(throws: (any Error).self) { try client.get("/v2/") }
        }

        @Test func aTakenAddressIsSaid() throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20One])
            let server = try NginxServer(workspace, site: workspace["site"])
            defer { server.stop() }
            let outcome = try workspace.regstatic(
                "serve",
                workspace["site"],
                "--listen",
                server.endpoint.host
            )
            #expect(outcome.status == 5)
            #expect(outcome.errors.contains("Address already in use"))
            #expect(outcome.errors.contains("--listen"))
        }

        @Test(.needsRoot) func aClosedFolderIsSaid() throws {
            let workspace = try Workspace()
            try workspace.folder.makeFolder("mine")
            try workspace.build([Fixture.docker20One], into: "mine/site")
            chmod(workspace["mine"], 0o700)
            let outcome = try workspace.regstatic("serve", workspace["mine/site"])
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("chmod o+x \(workspace["mine"])"))
        }

        @Test func aMissingCertificateIsSaid() throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20One])
            let outcome = try workspace.regstatic(
                "serve",
                workspace["site"],
                "--tls",
                workspace["none"]
            )
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("none/registry.crt"))
        }

        private func start(_ workspace: Workspace, _ port: Int, _ authority: PrivateCA?) throws
            -> Job
        {
            var arguments = [Workspace.regstatic, "serve", workspace["site"]]
            arguments += ["--listen", "127.0.0.1:\(port)"]
            if let authority {
                let folder = workspace["tls"]
                try workspace.folder.makeFolder("tls")
                try workspace.run("cp", authority.serverCertificate, "\(folder)/registry.crt")
                    .succeeded()
                try workspace.run("cp", authority.serverKey, "\(folder)/registry.key").succeeded()
                arguments += ["--tls", folder]
            }
            var environment = workspace.environment
            environment["TMPDIR"] = workspace["tmp"]
            return try Job(arguments, environment: environment)
        }

        private func waitFor(_ client: HTTPClient, _ job: Job) throws {
            for _ in 0..<100 where job.isRunning {
                if (try? client.get("/v2/").status) == 200 { return }
                usleep(50_000)
            }
            throw Missing(description: "nothing answers: \(job.errors)")
        }
    }
}
