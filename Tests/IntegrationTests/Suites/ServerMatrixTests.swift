// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// Every server that a site brings configuration for, in both layouts, asked all that clients ask:
// each resource by tag and by digest, hazards of names, errors, ranges, encodings, referrers.
extension Integration {
    @Suite(
        .serialized,
        .needsEveryServer(and: .curl, .openssl, .skopeo)
    )
    struct ServerMatrixTests {
        private static let checker =
            "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            + "/Contract/check.py"

        @Test(arguments: SiteServer.Kind.allCases, ["plain", "portable"])
        func keepsTheContract(_ kind: SiteServer.Kind, _ layout: String) throws {
            let workspace = try Workspace()
            try Self.build(workspace, layout)
            let before = try workspace.folder.snapshot("site")
            let authority = try PrivateCA(workspace)
            for authority in [nil, authority] {
                let server = try SiteServer(
                    kind,
                    workspace,
                    site: workspace["site"],
                    authority: authority
                )
                defer { server.stop() }
                let portable = kind == .nginx && layout == "portable"
                let limits = kind.limits + (portable ? ["--no-tag-digest"] : [])
                try check(workspace, server.endpoint, limits)
                if authority == nil { try pull(workspace, server.endpoint) }
            }
            #expect(Tree.differences(before, try workspace.folder.snapshot("site")) == [])
        }

        /// The way of those who have a web space and no server.
        @Test func htaccessKeepsTheContract() throws {
            let workspace = try Workspace()
            try Self.build(workspace, "portable")
            let server = try WebSpace.server(workspace, site: workspace["site"])
            defer { server.stop() }
            try check(
                workspace,
                server.endpoint,
                SiteServer.Kind.apache.limits + ["--no-tag-digest", "--no-trace"]
            )
            try pull(workspace, server.endpoint)
        }

        /// Manifests of each kind, tags with hazards, referrers.
        private static func build(_ workspace: Workspace, _ layout: String) throws {
            let many = [Fixture.docker20Many, Fixture.attested]
            try workspace.build(many, "--layout", layout)
            try workspace.build([Fixture.referrers], "--name", "zoo/hello")
            let schema2 = [Fixture.docker20One]
            try workspace.build(schema2, "--format", "docker", "--prefix", "old")
            let name = Fixture.docker20ByID
            // Programs for people who hold the medium are not served.
            let program = try workspace.folder.write("tool", ProgramSample().bytes)
            let image = "\(name)=hazard/app:V1.0-RC"
            try workspace.build([name], "--name", image, "--program", program)
            // Whatever is in the folder of signatures is not served.
            let signature = "site/signatures/\(String(repeating: "0", count: 64)).sig"
            try workspace.folder.write(signature, "signature")
        }

        private func check(
            _ workspace: Workspace,
            _ endpoint: Endpoint,
            _ limits: [String]
        ) throws {
            var arguments = ["python3", Self.checker, endpoint.url, "--failures"]
            arguments += ["--site", workspace["site"]] + limits
            if let authority = endpoint.authority {
                arguments += ["--cacert", authority.certificate]
            }
            let outcome = try workspace.start(arguments).wait(120)
            #expect(outcome.status == 0, "\(endpoint.url): \(outcome.text)\(outcome.errors)")
        }

        private func pull(_ workspace: Workspace, _ endpoint: Endpoint) throws {
            for name in ["acme/tool:1.0.html", "zoo/multi:1", "old/zoo/hello:1"] {
                try workspace.pullAll("\(endpoint.host)/\(name)", to: "pulled")
            }
        }
    }
}
