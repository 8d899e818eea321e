// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// The layout for media without links and colons.
@Suite struct PortableTests {
    private let site: BuiltSite

    init() throws { site = try BuiltSite() }

    private func build(_ archives: [String]) throws {
        try site.build(archives, layout: .portable)
    }

    private func archive(_ name: String, _ references: String...) throws -> String {
        try site.archive("\(name).tar", SyntheticImage.small.dockerArchive(references))
    }

    @Test func rendering() throws {
        try build(["oci-referrers", "docker28ctr-multiarch-attested.tar"].map(Fixture.path))
        try build([try archive("cased", "app:V1.0", "app:v1.0")])
        #expect(Golden.difference("portable-site.txt", Tree.text(try site.published())) == nil)
    }

    /// No link, nothing that FAT or Windows refuses, no two names that differ only by case.
    @Test func namesThatEveryMediumHolds() throws {
        try build(
            BuildTests.paths + [try archive("cased", "app:V1", "app:v1", "app:con", "app:x.")]
        )
        let tree = try site.snapshot()
        for (path, entry) in tree {
            switch entry {
            case .file, .folder: break
            default: Issue.record("\(path) is neither file nor folder")
            }
            for component in path.split(separator: "/") {
                #expect(!component.contains { #"<>:"|?*\"#.contains($0) }, "\(path)")
                #expect(component.last != "." && component.last != " ", "\(path)")
                #expect(!["con", "aux", "nul"].contains(component.split(separator: ".").first))
            }
        }
        #expect(Set(tree.keys.map { $0.lowercased() }).count == tree.count)
    }

    @Test(arguments: ["con/app", "team/aux", "team/com1", "team/lpt9.old", "nul"])
    func namesThatWindowsReserves(_ name: String) throws {
        let archive = try archive("a", "\(name):1")
        let failure = #expect(throws: SiteBuild.Failure.self) { try build([archive]) }
        let repository = try #require(RepositoryName(name))
        #expect(failure?.cause as? NamingError == .notPortable(repository, inputs: [archive]))
        #expect(try site.index.entries.isEmpty)
    }

    @Test(arguments: ["con1/app", "com/app", "lpt10/app", "console/x", "team/acon"])
    func namesThatOnlyLookLikeIt(_ name: String) throws {
        try build([try archive("a", "\(name):1")])
        #expect(try site.verify().faults.isEmpty)
    }

    @Test func tagsThatDifferOnlyByCapitals() throws {
        let archive = try archive("a", "app:RC1", "app:Rc1")
        let failure = #expect(throws: SiteBuild.Failure.self) { try build([archive]) }
        let repository = try #require(RepositoryName("app"))
        let tags = try ["RC1", "Rc1"].map { TracedTag(try #require(Tag($0)), inputs: [archive]) }
        #expect(failure?.cause as? NamingError == .tagsDifferByCase(repository, tags[0], tags[1]))
    }

    /// The site has one of the tags since an earlier run.
    @Test func aTagThatDiffersFromOneOfTheSite() throws {
        try build([try archive("a", "app:RC1")])
        let archive = try archive("b", "app:Rc1")
        let failure = #expect(throws: SiteBuild.Failure.self) { try build([archive]) }
        let repository = try #require(RepositoryName("app"))
        let old = TracedTag(try #require(Tag("RC1")))
        let new = TracedTag(try #require(Tag("Rc1")), inputs: [archive])
        #expect(failure?.cause as? NamingError == .tagsDifferByCase(repository, old, new))
    }

    /// A tag that moves from an image to an index leaves no file of the old kind.
    @Test func aTagThatMovesLeavesNothing() throws {
        let one = try archive("one", "zoo/multi:1")
        try build([one])
        #expect(try site.published()["v2/zoo/multi/manifests/_1.oci-manifest"] != nil)
        try build([Fixture.path("docker28ctr-multiarch-attested.tar")])
        let tree = try site.published()
        #expect(tree["v2/zoo/multi/manifests/_1.oci-manifest"] == nil)
        #expect(tree["v2/zoo/multi/manifests/_1.oci-index"] != nil)
        #expect(try site.verify().faults.isEmpty)
        try site.folder.write("site/v2/zoo/multi/manifests/_1.docker-list", "{}")
        #expect(
            try site.verify().faults == [.foreign(path: "v2/zoo/multi/manifests/_1.docker-list")]
        )
    }

    @Test func aChangedTagIsAFault() throws {
        try build([Fixture.path("docker28-one.tar")])
        let path = try #require(try site.published().keys.first { $0.contains("/manifests/_") })
        try site.folder.write("site/\(path)", "{}")
        #expect(try site.verify().faults == [.tree(path: path)])
    }

    /// The two layouts hold the same, and each becomes the other.
    @Test func convertsThereAndBack() throws {
        let plain = try BuiltSite(BuildTests.paths)
        try build([plain.path])
        let back = try BuiltSite([site.path])
        #expect(Tree.differences(try plain.published(), try back.published()) == [])
        let types = SitePlan.contentTypesPath
        #expect(try site.published()[types] == plain.published()[types])
    }

    @Test func aSiteKeepsItsLayout() throws {
        try build([Fixture.path("docker28-one.tar")])
        try site.build([Fixture.path("docker20-one.tar")])
        #expect(try site.index.layout == .portable)
        #expect(throws: LayoutError.otherLayout(site.path, .portable)) {
            try SiteFolder.forWriting(site.path, layout: .plain)
        }
        let plain = try BuiltSite([Fixture.path("docker28-one.tar")])
        #expect(throws: LayoutError.otherLayout(plain.path, .plain)) {
            try SiteFolder.forWriting(plain.path, layout: .portable)
        }
    }
}
