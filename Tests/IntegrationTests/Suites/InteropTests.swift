// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// A site is an OCI image layout that other tools read, wherever it lies.
extension Integration {
    @Suite(.serialized, .needs(.skopeo, .tar, .gzip, .zstd))
    struct InteropTests {
        private let workspace: Workspace
        private let skopeo: Skopeo

        init() throws {
            workspace = try Workspace()
            skopeo = Skopeo(workspace: workspace)
            try workspace.build([Fixture.docker20Many, Fixture.attested])
        }

        @Test(arguments: [
            ("zoo/hello:2", Fixture.docker20Many, "zoo/hello:2"),
            ("acme/tool:1.0.html", Fixture.docker20Many, "ghcr.io/acme/tool:1.0.html"),
            ("zoo/multi:1", Fixture.attested, "zoo/multi:1"),
        ])
        func siteIsALayout(_ name: String, _ archive: String, _ nameInArchive: String) throws {
            let folder = try skopeo.copy("oci:\(workspace["site"]):\(name)")
            let copied = try Skopeo.content(folder, workspace)
            #expect(
                try copied == ImageContent(archive: archive, name: nameInArchive, workspace)
            )
        }

        @Test func digestsAreTheListedOnes() throws {
            let list = try workspace.regstatic("list", "--json", workspace["site"]).succeeded()
            let images = try #require(try JSON(parsing: list.output)["images"]?.array)
            #expect(images.count == 7)
            for image in images {
                let name = try #require(image["repository"]?.string)
                let tag = try #require(image["tag"]?.string)
                let source = "oci:\(workspace["site"]):\(name):\(tag)"
                let raw = try skopeo.print("inspect", "--raw", source)
                #expect(Digest(of: raw).description == image["digest"]?.string)
            }
        }

        @Test func inspectReadsTheConfiguration() throws {
            let output = try skopeo.print("inspect", "oci:\(workspace["site"]):zoo/hello:2")
            let report = try JSON(parsing: output)
            #expect(report["Architecture"]?.string == "amd64")
            #expect(report["Layers"]?.array?.count == 2)
        }

        /// From a stick or a disc: nothing is written where the site lies.
        @Test(.needs(.nginx, .curl), .needsMounts)
        func siteOnAReadOnlyMediumIsServed() throws {
            let medium = try Mount(readOnly: workspace["site"], at: workspace["medium"])
            defer { medium.unmount() }
            let server = try NginxServer(workspace, site: workspace["medium"])
            defer { server.stop() }
            let pulled = try skopeo.pull("zoo/hello:2", from: server.endpoint)
            let expected = try ImageContent(
                archive: Fixture.docker20Many,
                name: "zoo/hello:2",
                workspace
            )
            #expect(pulled == expected)
            try workspace.regstatic("verify", workspace["medium"]).succeeded()
            // And it is an input like any other.
            try workspace.build([workspace["medium"]], into: "copy")
            let copy = try workspace.folder.snapshot("copy/v2")
            let site = try workspace.folder.snapshot("site/v2")
            #expect(Tree.differences(copy, site) == [])
        }

        @Test(.needs(.nginx, .curl))
        func tagsAreListedByClients() throws {
            let server = try NginxServer(workspace, site: workspace["site"])
            defer { server.stop() }
            let repository = "docker://\(server.endpoint.host)/zoo/hello"
            let output = try skopeo.print("list-tags", "--tls-verify=false", repository)
            let tags = try JSON(parsing: output)["Tags"]?.array?.compactMap(\.string)
            #expect(tags == ["1", "2", "3"])
        }
    }
}
