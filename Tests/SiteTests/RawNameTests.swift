// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Site
import SiteModel
import SiteTestSupport
import Streams
import TestSupport
import Testing

/// Files in a site whose names aren't UTF-8.
@Suite struct RawNameTests {
    private static let folders = [
        "v2", "v2/zoo/hello/manifests", "blobs/sha256", "manifests/sha256", "clients",
    ]

    @Test(arguments: SiteLayout.allCases) func areFoundAndPruned(_ layout: SiteLayout) throws {
        let site = try BuiltSite()
        try site.build([Fixture.path("docker20-one.tar")], layout: layout)
        let before = try site.published()
        for folder in Self.folders {
            try site.folder.makeFolder("site/\(folder)")
            try site.folder.write(name: [0x61, 0xFF], in: "site/\(folder)", "stray")
            try site.folder.write(name: [0x61, 0xFE], in: "site/\(folder)", "other")
        }
        try site.folder.write("inner", "stray")
        try site.folder.makeFolder(name: [0xE9], in: "site/v2", moving: "inner")

        let report = try site.verify()
        let found = report.unreferenced + report.faults.compactMap(\.strayPath)
        var expected = Self.folders.flatMap { ["\($0)/a\\xff", "\($0)/a\\xfe"] }
        expected.append("v2/\\xe9/inner")
        #expect(Set(found.map(FileName.visible)) == Set(expected))

        _ = try site.pruner().prune(waiting: false)
        let after = try site.verify()
        #expect(after.faults == [])
        #expect(after.unreferenced == [])
        let published = try site.published()
        #expect(Tree.differences(before, published).allSatisfy { Self.folders.contains($0) })
    }

    /// Nothing but the folders of our own are pruned, and builds go on.
    @Test func atTheTop() throws {
        let site = try BuiltSite()
        try site.build([Fixture.path("docker20-one.tar")])
        try site.folder.write(name: [0xFF], in: "site", "of the owner")
        try site.build([Fixture.path("docker20-one.tar")])
        _ = try site.pruner().prune(waiting: false)
        #expect(try site.verify().unreferenced.map(FileName.visible) == ["\\xff"])
    }
}

extension SiteFault {
    fileprivate var strayPath: String? {
        switch self {
        case .foreign(let path), .blob(let path, .notADigest): path
        default: nil
        }
    }
}
