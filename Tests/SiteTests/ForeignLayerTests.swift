// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Images with layers that only their maker distributes.
@Suite struct ForeignLayerTests {
    private let site: BuiltSite
    private let windows: String

    init() throws {
        site = try BuiltSite()
        windows = try site.archive("w.tar", try SyntheticImage.small.foreignLayout("a/windows:1"))
    }

    @Test func areReported() throws {
        let outcome = try site.build([windows])
        #expect(outcome.foreign.map(\.name) == ["a/windows:1"])
        let digest = Digest(of: SyntheticImage.foreignLayer)
        #expect(outcome.foreign.first?.layers.map(\.digest) == [digest])
        #expect(try site.verify().foreign == outcome.foreign)
    }

    @Test func strictChangesNothing() throws {
        let before = try BuiltSite([Fixture.path("docker20-one.tar")]).published()
        try site.build([Fixture.path("docker20-one.tar")])
        #expect {
            try site.build([windows]) { $0.isStrict = true }
        } throws: { error in
            guard case .foreign(let images) = (error as? SiteBuild.Failure)?.cause as? PolicyRefusal
            else { return false }
            return images.map(\.name) == ["a/windows:1"]
        }
        #expect(try site.index.entries.map(\.name) == ["zoo/hello:1"])
        #expect(try site.published()["index.json"] == before["index.json"])
    }

    /// An image that clients can't pull is not an example, even if its name comes first.
    @Test func isNoExample() throws {
        #expect(try site.build([windows]).example == nil)
        #expect(try SiteFolder.forReading(site.path).example == nil)
        let outcome = try site.build([windows, Fixture.path("docker20-one.tar")])
        #expect(outcome.example?.name == "zoo/hello:1")
        #expect(try SiteFolder.forReading(site.path).example?.name == "zoo/hello:1")
    }
}
