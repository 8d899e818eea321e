// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Servers
import SiteTestSupport
import Store
import TestSupport
import Testing

/// nginx's configuration is the repository's `nginx` folder, in the binary.
@Suite struct NginxTests {
    @Test func paths() {
        #expect(
            Nginx.files.map(\.path) == [
                "servers/nginx/http.conf", "servers/nginx/https.conf", "servers/nginx/maps.conf",
                "servers/nginx/registry.conf",
            ]
        )
    }

    @Test func contents() throws {
        let folder = try Tree.snapshot("\(Fixture.repository)/nginx")
        for file in Nginx.files {
            let name = String(try #require(file.path.split(separator: "/").last))
            guard case .file(let bytes, _)? = folder[name] else {
                Issue.record("no \(name)")
                continue
            }
            #expect(file.bytes == bytes, "\(name)")
        }
        #expect(folder.keys.filter { $0.hasSuffix(".conf") }.count == Nginx.files.count)
    }

    /// A site is copied anywhere: no path in it may be that of the machine that built it.
    @Test func noPathOfTheBuildingMachine() {
        for file in Nginx.files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains(Fixture.repository), "\(file.path)")
            #expect(text.hasSuffix("}\n") || text.hasSuffix("\n"), "\(file.path)")
        }
    }
}
