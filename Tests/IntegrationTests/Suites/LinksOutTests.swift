// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// A site that a stranger prepared: a link in it leads to a file that the server may read. All
// servers but Caddy answer as if the link weren't there; docs/servers.md says so.
extension Integration {
    @Suite(.serialized, .needsEveryServer(and: .curl))
    struct LinksOutTests {
        private static let secret = #"{"schemaVersion":2,"secret":"1"}"#
        private static let hex = Digest(of: Array(secret.utf8)).hex
        private static let hello = "v2/zoo/hello"

        /// A place in the site, where the link leads to outside of it, and what a client asks for.
        private struct Link {
            let place, target, url: String

            init(_ place: String, _ target: String = "secret", asking url: String? = nil) {
                (self.place, self.target, self.url) = (place, target, url ?? place)
            }
        }

        private static func links(_ layout: String) -> [Link] {
            let digest = "sha256:\(hex)"
            let common = [
                Link("clients/evil"), Link("clients/folder", ".", asking: "clients/folder/secret"),
                Link("index.html", asking: ""), Link("catalogue/evil.html"),
                Link("catalogue/folder", ".", asking: "catalogue/folder/evil.html"),
                Link("v2/_catalog"), Link("\(hello)/tags/list"),
                Link("v2/evil", "v2/evil", asking: "v2/evil/tags/list"),
                Link("blobs/sha256/\(hex)", asking: "\(hello)/blobs/\(digest)"),
                Link(
                    "manifests/sha256/\(hex).oci-manifest",
                    asking: "\(hello)/manifests/\(digest)"
                ),
            ]
            if layout == "portable" {
                let tag = Link(
                    "\(hello)/manifests/_evil.oci-manifest",
                    asking: "\(hello)/manifests/evil"
                )
                return common + [tag]
            }
            let other = String(repeating: "1", count: 64)
            return common + [
                Link("\(hello)/manifests/evil"),
                Link("\(hello)/manifests/typed", "\(hex).oci-manifest"),
                Link("\(hello)/blobs/sha256:\(other)"),
                Link("\(hello)/referrers/\(digest)"),
            ]
        }

        private static func isRefused(by kind: SiteServer.Kind) -> Bool { kind != .caddy }

        @Test(arguments: SiteServer.Kind.allCases, ["plain", "portable"])
        func noFileOutsideIsServed(_ kind: SiteServer.Kind, _ layout: String) throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20Many], "--layout", layout)
            for name in ["secret", "evil.html", "v2/evil/tags/list", "\(Self.hex).oci-manifest"] {
                try workspace.folder.write("outside/\(name)", Self.secret)
            }
            // serve.py refuses to start with a site that lacks a list.
            let server = try SiteServer(kind, workspace, site: workspace["site"], authority: nil)
            defer { server.stop() }
            let links = Self.links(layout)
            for link in links {
                try workspace.folder.remove("site/\(link.place)")
                let target = workspace["outside/\(link.target)"]
                try workspace.folder.makeLink("site/\(link.place)", to: target)
            }
            // The manifest and the blob are in the repository: plain sites have links for these.
            if layout == "plain" { try Self.admit(workspace) }
            let client = HTTPClient(workspace, server.endpoint)
            var served: [String] = []
            for link in links {
                let answer = try client.get("/\(link.url)")
                if answer.text.contains("secret") { served.append(link.place) }
            }
            #expect(served.isEmpty == Self.isRefused(by: kind), "\(served)")
        }

        private static func admit(_ workspace: Workspace) throws {
            let depth = String(repeating: "../", count: 4)
            try workspace.folder.makeLink(
                "site/\(hello)/blobs/sha256:\(hex)",
                to: "\(depth)blobs/sha256/\(hex)"
            )
            try workspace.folder.makeLink(
                "site/\(hello)/manifests/sha256:\(hex)",
                to: "\(depth)manifests/sha256/\(hex).oci-manifest"
            )
        }
    }
}
