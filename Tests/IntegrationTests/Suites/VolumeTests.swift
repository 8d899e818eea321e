// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import TestSupport
import Testing

// The data of a real registry, moved into a site: every digest stays.
extension Integration {
    @Suite(.serialized, .needs(.registry, .skopeo, .tar, .gzip, .nginx, .curl))
    struct VolumeTests {
        private static let names = ["zoo/hello:2", "zoo/multi:1", "nginx:alpine"]
        private static let schema2 = "old/zoo/hello:1"

        /// Pushes images of all kinds into a registry, and leaves its data in `registry`.
        private func fill(_ workspace: Workspace) throws {
            try workspace.build([Fixture.docker20Many, Fixture.attested], into: "first")
            let port = try NginxServer.freePort()
            let settings = """
                version: 0.1
                log: { level: error, accesslog: { disabled: true } }
                storage: { filesystem: { rootdirectory: \(workspace["registry"]) } }
                http: { addr: "127.0.0.1:\(port)" }
                """
            let file = try workspace.folder.write("registry.yml", settings)
            let registry = try workspace.start(["docker-registry", "serve", file])
            defer { registry.stop() }
            let endpoint = Endpoint(host: "127.0.0.1:\(port)", authority: nil)
            let client = HTTPClient(workspace, endpoint)
            for _ in 0..<200 where (try? client.get("/v2/").status) != 200 { usleep(50_000) }
            let source = "oci:\(workspace["first"])"
            for name in Self.names {
                try push("\(source):\(name)", "\(endpoint.host)/\(name)", ["--all"], workspace)
            }
            let old = "\(endpoint.host)/\(Self.schema2)"
            try push("\(source):zoo/hello:1", old, ["--format", "v2s2"], workspace)
        }

        private func push(
            _ source: String,
            _ name: String,
            _ options: [String],
            _ workspace: Workspace
        ) throws {
            let copy = ["skopeo", "--policy", workspace["policy.json"], "copy", "-q"]
            let names = ["--dest-tls-verify=false", source, "docker://\(name)"]
            try workspace.start(copy + options + names).wait().succeeded()
        }

        /// All but the site's own memory, which has the inputs' names.
        private func published(_ name: String, _ workspace: Workspace) throws -> [String: Tree
            .Entry]
        {
            try workspace.folder.snapshot(name).filter { $0.key != ".regstatic/inputs.json" }
        }

        @Test func keepsEveryDigest() throws {
            let workspace = try Workspace()
            try fill(workspace)
            let archive = workspace["backup.tar"]
            try workspace.run("tar", "cf", archive, "-C", workspace.folder.path, "registry")
                .succeeded()
            try workspace.build([archive])
            try workspace.build([workspace["registry"]], into: "from-folder")
            let pipe = #"gzip -c "$1" | "$2" build -q - -o "$3""#
            try workspace.run(
                "sh",
                "-c",
                pipe,
                "sh",
                archive,
                Workspace.regstatic,
                workspace["from-pipe"]
            )
            .succeeded()
            let site = try published("site", workspace)
            for other in ["from-folder", "from-pipe"] {
                #expect(Tree.differences(site, try published(other, workspace)) == [])
            }
            let nginx = try NginxServer(workspace, site: workspace["site"])
            defer { nginx.stop() }
            let registry = Registry(HTTPClient(workspace, nginx.endpoint))
            for name in Self.names + [Self.schema2] {
                let parts = name.split(separator: ":").map(String.init)
                let repository = "registry/docker/registry/v2/repositories/\(parts[0])"
                let link = "\(repository)/_manifests/tags/\(parts[1])/current/link"
                let digest = String(decoding: try workspace.folder.read(link), as: UTF8.self)
                #expect(try registry.fetchAll(parts[0], parts[1]).description == digest)
            }
            try workspace.regstatic("verify", workspace["site"]).succeeded()
        }
    }
}
