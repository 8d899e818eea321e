// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// A tag goes back to an earlier image while the site is served.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .skopeo, .tar, .gzip, .zstd))
    struct TagTests {
        private let workspace: Workspace
        private let server: NginxServer
        private let client: HTTPClient

        init() throws {
            workspace = try Workspace()
            try workspace.build([Fixture.docker20One])
            server = try NginxServer(workspace, site: workspace["site"])
            client = HTTPClient(workspace, server.endpoint)
        }

        private func tag(_ source: String, _ tags: String...) throws {
            let arguments = [Workspace.regstatic, "tag", workspace["site"], source] + tags
            try workspace.start(arguments).wait().succeeded()
        }

        @Test func clientsPullTheEarlierImage() throws {
            let (registry, skopeo) = (Registry(client), Skopeo(workspace: workspace))
            let old = try registry.fetchAll("zoo/hello", "1")
            let image = try skopeo.pull("zoo/hello:1", from: server.endpoint)
            try workspace.build([Fixture.containerdOne])
            let new = try registry.fetchAll("zoo/hello", "1")
            try #require(old != new)
            try tag("zoo/hello@\(old)", ":1", ":stable", "promo/hello:1")
            for name in ["zoo/hello:1", "zoo/hello:stable", "promo/hello:1"] {
                let folder = try skopeo.copy(
                    "docker://\(server.endpoint.host)/\(name)",
                    trusting: server.endpoint
                )
                #expect(Digest(of: try folder.read("manifest.json")) == old, "\(name)")
                #expect(try Skopeo.content(folder, workspace) == image, "\(name)")
            }
            // For clients that had found it under the tag.
            #expect(try registry.fetchAll("zoo/hello", "\(new)") == new)
            let list = try JSON(parsing: try client.get("/v2/zoo/hello/tags/list").body)
            #expect(list["tags"]?.array?.map(\.string) == ["1", "stable"])
            server.stop()
        }

        @Test func pullsGoOnWhileATagMoves() throws {
            let registry = Registry(client)
            let old = try registry.fetchAll("zoo/hello", "1")
            try workspace.build([Fixture.containerdOne])
            let new = try registry.fetchAll("zoo/hello", "1")
            let puller = Loop { _ in try registry.fetchAll("zoo/hello", "1").description }
            for round in 1...10 {
                try tag("zoo/hello@\(round % 2 == 0 ? new : old)", ":1", "round\(round)/hello:1")
                try registry.fetchAll("round\(round)/hello", "1")
            }
            let (results, failures) = puller.stop()
            #expect(failures == [])
            #expect(results.count >= 10)
            #expect(Set(results) == [old.description, new.description])
            server.stop()
        }
    }
}
