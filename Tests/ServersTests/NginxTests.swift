// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Servers
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// nginx's configuration is the repository's `nginx` folder, in the binary.
@Suite struct NginxTests {
    @Test(arguments: SiteLayout.allCases)
    func paths(_ layout: SiteLayout) {
        #expect(
            Nginx.files(layout).map(\.path) == [
                "servers/nginx/http.conf", "servers/nginx/https.conf", "servers/nginx/maps.conf",
                "servers/nginx/registry.conf",
            ]
        )
    }

    @Test(arguments: SiteLayout.allCases)
    func contents(_ layout: SiteLayout) throws {
        let folder = try Tree.snapshot("\(Fixture.repository)/nginx")
        func text(_ name: String) throws -> [UInt8] {
            guard case .file(let bytes, _)? = folder[name] else {
                Issue.record("no \(name)")
                return []
            }
            return bytes
        }
        let registry =
            try text("\(layout.rawValue).conf") + Array("\n".utf8) + text("answers.conf")
        for file in Nginx.files(layout) {
            let name = String(try #require(file.path.split(separator: "/").last))
            #expect(try file.bytes == (name == "registry.conf" ? registry : text(name)), "\(name)")
        }
    }

    /// A site is copied anywhere: no path in it may be that of the machine that built it.
    @Test func noPathOfTheBuildingMachine() {
        for file in SiteLayout.allCases.flatMap(Nginx.files) {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains(Fixture.repository), "\(file.path)")
            #expect(text.hasSuffix("}\n") || text.hasSuffix("\n"), "\(file.path)")
        }
    }
}
