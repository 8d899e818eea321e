// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// The page for browsers, in one: from a folder, and from nginx with its policy.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .chromium, .chromeDriver, .selenium, .html5lib))
    struct PageTests {
        /// A script wherever an image has words, in the form that each place would need to run it.
        private static let evil =
            #"x</code></title><script>window.ran = 1</script>"#
            + #"<img src=x onerror="window.ran=1">" onmouseover="window.ran=1" autofocus "#
            + #"onfocus="window.ran=1" javascript:window.ran=1"#

        private static func archive(_ workspace: Workspace) throws -> String {
            let words = JSON.array([.string(evil)])
            let named = JSON.object([JSON.Member(evil, .object([]))])
            let labels = ["title", "description", "source", "url", "licenses", "version"]
                .map { JSON.Member("org.opencontainers.image.\($0)", .string(evil)) }
            let layer = TarBuilder.tar([.file("a", "one")])
            let config = JSON.object([
                "architecture": .string("amd64\(evil)"), "os": .string("linux"),
                "created": .string("2026-11-23T10:00:00Z"),
                "history": .array([
                    .object(["created_by": .string(evil), "comment": .string(evil)])
                ]),
                "config": .object([
                    "Env": words, "Entrypoint": words, "Cmd": words, "User": .string(evil),
                    "WorkingDir": .string(evil), "ExposedPorts": named, "Volumes": named,
                    "Labels": .object([JSON.Member(evil, .string(evil))] + labels),
                ]),
                "rootfs": .object([
                    "type": .string("layers"),
                    "diff_ids": .array([.string(Digest(of: layer).description)]),
                ]),
            ])
            let list = JSON.array([
                .object([
                    "Config": .string("config.json"), "RepoTags": .array([.string("evil/image:1")]),
                    "Layers": .array([.string("layer.tar")]),
                ])
            ])
            return try workspace.folder.write(
                "evil.tar",
                TarBuilder.tar([
                    .file("layer.tar", layer), .file("config.json", config.canonicalBytes),
                    .file("manifest.json", list.canonicalBytes),
                ])
            )
        }

        private static func site(_ workspace: Workspace) throws -> String {
            let inputs = [Fixture.docker20Many, Fixture.attested, try archive(workspace)]
            let program = try workspace.folder.write("tool", ProgramSample().bytes)
            try workspace.build(inputs, "--title", "Images <of> the plant", "--program", program)
            return workspace["site"]
        }

        private static func check(_ workspace: Workspace, _ url: String) throws {
            let script = "\(Fixture.tests)/Browser/check.py"
            let folder = workspace["browser"]
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            let outcome = try workspace.run(
                "/usr/bin/python3",
                script,
                url,
                "--folder",
                folder,
                "--screenshots",
                timeout: 120
            )
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
            // A picture of each page at each width, light and dark.
            let pictures = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".png") }
            #expect(pictures.count >= 12 && pictures.count % 6 == 0)
        }

        @Test func worksFromAFolder() throws {
            let workspace = try Workspace()
            try Self.check(workspace, "file://\(try Self.site(workspace))/index.html")
        }

        @Test func worksFromAServer() throws {
            let workspace = try Workspace()
            let server = try SiteServer(
                .nginx,
                workspace,
                site: try Self.site(workspace),
                authority: nil
            )
            defer { server.stop() }
            try Self.check(workspace, "\(server.endpoint.url)/")
        }

        /// HTML by the rules, says one who knows them.
        @Test func isValid() throws {
            let workspace = try Workspace()
            let site = try Self.site(workspace)
            try workspace.regstatic("clients", site, "--host", "r.lan:5000", "--http").succeeded()
            let pages = try Tree.snapshot(site).keys
                .filter {
                    $0 == "index.html" || $0.hasPrefix("catalogue/") && $0.hasSuffix(".html")
                }
            #expect(pages.count > 5)
            let script = "\(Fixture.tests)/Browser/valid.py"
            for page in pages {
                let outcome = try workspace.run("/usr/bin/python3", script, "\(site)/\(page)")
                #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
            }
        }
    }
}
