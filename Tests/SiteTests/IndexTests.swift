// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Store
import TestSupport
import Testing

/// A site's own list, written and read again.
@Suite struct IndexTests {
    private func read(_ bytes: [UInt8]) throws -> SiteIndex {
        try SiteIndex(parsing: bytes)
    }

    @Test func roundTrip() throws {
        let images = try [
            Sample.image("a", names: ["nginx:1", "team/app:1.0.html"]),
            Sample.image("b", names: ["nginx:1"], platforms: ["arm64"]), Sample.image("c"),
            Sample.image("d", names: ["team/app:1.0.html", "z:latest"], platforms: ["s390x"]),
        ]
        let index = try Sample.merge(images).index
        let again = try read(index.bytes)
        #expect(again.entries == index.entries)
        #expect(again.bytes == index.bytes)
    }

    @Test func none() throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        try site.folder.remove("site/index.json")
        try site.folder.makeFolder("site/index.json")
        #expect(throws: SiteDamage.index(.notAFile)) { try SiteFolder.forReading(site.path) }
    }

    /// An index that another program wrote has lost the layout and all settings.
    @Test func anotherProgramsIndex() throws {
        let error = SiteDamage.index(.unmarked("regstatic.site"))
        #expect(throws: error) { try read(Manifest.index([]).bytes) }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"manifests":{}}"#, #"{"manifests":[{}]}"#,
    ])
    func damaged(_ text: String) throws {
        #expect(throws: SiteDamage.self) { try read(Array(text.utf8)) }
    }

    @Test(arguments: ["app", "App:1", ":1", "app:", "app:-", "@sha256:0", "app:1:2"])
    func damagedNames(_ name: String) throws {
        var descriptor = try Sample.image("a").root
        descriptor.annotations = [.init(AnnotationKey.refName, .string(name))]
        let bytes = Manifest.index([descriptor]).bytes
        #expect(throws: SiteDamage.index(.entryName(name))) { try read(bytes) }
    }
}
