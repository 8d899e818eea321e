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

/// The plan as a value.
@Suite struct PlanTests {
    private func plan(_ site: BuiltSite) throws -> SitePlan {
        let folder = try SiteFolder.forReading(site.path)
        return SitePlan(SiteContents(folder.index, try folder.graph()))
    }

    @Test func rendering() throws {
        let site = try BuiltSite()
        try site.build(["oci-referrers", "docker28ctr-one.tar"].map(Fixture.path)) {
            $0.given = [GivenName("app")].compactMap(\.self)
        }
        #expect(Golden.difference("site-plan.txt", try plan(site).text) == nil)
    }

    @Test func everyPathOnce() throws {
        let plan = try plan(try BuiltSite(BuildTests.paths))
        let paths = plan.paths
        #expect(Set(paths).count == paths.count)
        #expect(Set(plan.resources.map(\.path)).count == plan.resources.count)
        #expect(plan.resources.allSatisfy { paths.contains($0.path) })
    }

    /// `library/nginx`, given by hand, and `nginx`, which is served under that name, too.
    @Test func everyPathOnceWithTheHubsName() throws {
        let site = try BuiltSite()
        let nameless = try site.archive("a.tar", SyntheticImage.small.dockerArchive(nil))
        let named = try site.archive(
            "b.tar",
            SyntheticImage(layers: []).dockerArchive(["nginx:2"])
        )
        try site.build([nameless, named]) {
            $0.given = [GivenName("library/nginx:1")].compactMap(\.self)
        }
        let paths = try plan(site).paths
        #expect(Set(paths).count == paths.count)
    }

    /// No file where another path needs a folder.
    @Test func noPathIsAFolderOfAnother() throws {
        let paths = Set(try plan(try BuiltSite(BuildTests.paths)).paths)
        for path in paths {
            var parent = path[...]
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                #expect(!paths.contains(String(parent)), "\(path)")
            }
        }
    }

    @Test func emptySite() {
        let plan = SitePlan(SiteContents(SiteIndex(), SiteGraph()))
        #expect(plan.paths == ["v2/_catalog", "v2/index.html"])
        #expect(
            plan.lists.map { String(decoding: $0.bytes, as: UTF8.self) }
                == [#"{"repositories":[]}"#, "{}"]
        )
    }

    @Test func theCatalogueIsSorted() throws {
        let plan = try plan(try BuiltSite(BuildTests.paths))
        let catalogue = try #require(plan.lists.first { $0.path == "v2/_catalog" })
        let values = try JSON(parsing: catalogue.bytes)["repositories"]?.array ?? []
        let names = values.compactMap(\.string)
        let sorted = names.sorted()
        #expect(names == sorted)
        #expect(sorted.contains("nginx"))
        #expect(!sorted.contains("library/nginx"))
    }
}

extension SitePlan {
    /// All paths that it would draw.
    var paths: [String] {
        contentLinks.map(\.path) + tagLinks.map(\.path) + lists.map(\.path)
    }

    var text: String {
        var text = ""
        for manifest in manifests {
            text += "manifest \(Self.path(manifest.digest, manifest.kind))\n"
        }
        for blob in blobs { text += "blob \(blob.digest) \(blob.size)\n" }
        for link in contentLinks { text += "link \(link.path) -> \(link.target)\n" }
        for link in tagLinks { text += "tag \(link.path) -> \(link.target)\n" }
        for list in lists {
            text += "list \(list.path) \(String(decoding: list.bytes, as: UTF8.self))\n"
        }
        for resource in resources {
            text += "type \(resource.path) \(resource.mediaType) \(resource.size)\n"
        }
        return text
    }
}
