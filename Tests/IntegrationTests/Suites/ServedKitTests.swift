// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// The kit over HTTP, from every server that a site has configuration for: text, and nothing beside it.
extension Integration {
    @Suite(.serialized, .needsEveryServer(and: .curl))
    struct ServedKitTests {
        @Test(arguments: SiteServer.Kind.allCases)
        func isServedAsText(_ kind: SiteServer.Kind) throws {
            let workspace = try Workspace()
            let site = workspace["site"]
            try workspace.build([Fixture.docker20Many])
            try workspace.regstatic("clients", site, "--host", "r.lan:5000", "--http").succeeded()
            try workspace.folder.write("site/clients/.hidden", "no")
            try workspace.folder.write("site/clients/.hidden-folder/file", "no")
            let server = try SiteServer(kind, workspace, site: site, authority: nil)
            defer { server.stop() }
            let client = HTTPClient(workspace, server.endpoint)
            for path in [
                "README.txt", "install.sh", "docker/daemon.json", "k3s/registries.yaml",
                "containerd/certs.d/r.lan_5000_/hosts.toml",
                "containers/registries.conf.d/50-regstatic.conf",
            ] {
                let answer = try client.get("/clients/\(path)")
                #expect(answer.status == 200, "\(path)")
                #expect(
                    answer["content-type"]?.lowercased() == "text/plain; charset=utf-8",
                    "\(path)"
                )
                #expect(try answer.body == workspace.folder.read("site/clients/\(path)"), "\(path)")
            }
            for path in [
                "/clients/", "/clients/absent", "/clients/docker", "/clients/docker/",
                "/clients/.hidden", "/clients/.hidden-folder/file", "/clients/../index.json",
                "/clients/../.regstatic/lock", "/clients/%2e%2e/index.json",
                "/clients/docker/..%2f..%2findex.json", "/index.json", "/.regstatic/lock",
                "/clientsx", "/content-types.json",
            ] {
                let status = try client.get(path).status
                #expect([400, 403, 404].contains(status), "\(path): \(status)")
            }
        }
    }
}
