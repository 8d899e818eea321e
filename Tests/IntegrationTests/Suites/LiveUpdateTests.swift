// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import Synchronization
import TestSupport
import Testing

// Images are added while others are pulled: no reload, no failed request.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl))
    struct LiveUpdateTests {
        private let workspace: Workspace
        private let server: NginxServer
        private let client: HTTPClient

        init() throws {
            workspace = try Workspace()
            try workspace.build([Fixture.docker20One])
            server = try NginxServer(workspace, site: workspace["site"])
            client = HTTPClient(workspace, server.endpoint)
        }

        @Test func pullsGoOnWhileImagesAreAdded() throws {
            let registry = Registry(client)
            let puller = Loop { _ in try registry.fetchAll("zoo/hello", "1").description }
            // The tag moves there and back.
            for round in 1...6 {
                let archive = round % 2 == 0 ? Fixture.docker20One : Fixture.containerdOne
                try workspace.build([archive])
                try workspace.build([Fixture.docker20Many], "--prefix", "round\(round)")
                try registry.fetchAll("round\(round)/zoo/hello", "3")
            }
            let (results, failures) = puller.stop()
            #expect(failures == [])
            #expect(results.count >= 10)
            #expect(Set(results).count == 2)
            server.stop()
        }

        /// Administrators often set a cache of open files, also for errors, for all sites of an nginx.
        @Test(arguments: ["plain", "portable"])
        func cacheOfOpenFilesKeepsNothing(_ layout: String) throws {
            try workspace.build([Fixture.docker20One], "--layout", layout, into: "cached")
            let server = try NginxServer(workspace, tuned: workspace["cached"])
            defer { server.stop() }
            let client = HTTPClient(workspace, server.endpoint)
            let names = ["_catalog", "zoo/hello/tags/list", "new/zoo/hello/manifests/3"]
            let before = try names.map { try client.get("/v2/\($0)") }
            #expect(before.map(\.status) == [200, 200, 404])
            try workspace.build([Fixture.docker20Many], "--prefix", "new", into: "cached")
            try workspace.build([Fixture.docker20Many], into: "cached")
            let after = try names.map { try client.get("/v2/\($0)") }
            #expect(after.map(\.status) == [200, 200, 200])
            for (old, new) in zip(before, after) { #expect(old.body != new.body) }
        }

        @Test(.needs(.skopeo, .tar, .gzip, .zstd))
        func skopeoGoesOnWhileImagesAreAdded() throws {
            let skopeo = Skopeo(workspace: workspace)
            let endpoint = server.endpoint
            let puller = Loop { _ in
                "\(try skopeo.pull("zoo/hello:1", from: endpoint).config)"
            }
            for round in 1...6 {
                let archive = round % 2 == 0 ? Fixture.docker20One : Fixture.containerdOne
                try workspace.build([archive])
                try workspace.build([Fixture.attested], "--prefix", "round\(round)")
            }
            let (results, failures) = puller.stop()
            #expect(failures == [])
            #expect(results.count >= 3)
            server.stop()
        }

        /// The digest and the type in the headers are those of the bytes that follow.
        ///
        /// The link is moved here as `build` moves it, but without a pause.
        @Test func headersAndBytesAgreeWhileATagMoves() throws {
            try workspace.build([Fixture.referrers], "--name", "zoo/hello")
            let folder = "\(workspace["site"])/v2/zoo/hello/manifests"
            let targets = try ["1", "2"].map(target)
            let mover = Loop { number in
                let target = targets[number % 2]
                guard symlink(target, "\(folder)/next") == 0,
                    rename("\(folder)/next", "\(folder)/1") == 0
                else { throw Missing(description: "can't move the tag") }
                return target
            }
            let answers = try client.getAll("/v2/zoo/hello/manifests/1", times: 2000)
            let (moves, failures) = mover.stop()
            #expect(failures == [])
            #expect(moves.count > 100)
            #expect(answers.count == 2000)
            for answer in answers {
                let type = try JSON(parsing: answer.body)["mediaType"]?.string
                try #require(answer.status == 200)
                try #require(answer["docker-content-digest"] == answer.digest)
                try #require(answer["content-type"] == type)
            }
            #expect(Set(answers.map(\.digest)).count == 2)
            server.stop()
        }

        private func target(_ tag: String) throws -> String {
            let folder = try workspace.folder.snapshot("site/v2/zoo/hello/manifests")
            guard case .link(let target) = folder[tag] else {
                throw Missing(description: "the tag \(tag) is no link")
            }
            return target
        }
    }
}
