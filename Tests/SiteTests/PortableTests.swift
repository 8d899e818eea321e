// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import Inputs
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
        let bad = try archive("a", "\(name):1", "good:1")
        let outcome = try site.build([bad, try archive("b", "b:1")], layout: .portable)
        let refusal = try #require(refusals(outcome).first)
        #expect(refusals(outcome).count == 1)
        #expect(refusal.name == "\(name):1")
        #expect(refusal.inputs == [bad])
        guard case .reserved(let parts) = refusal.reason else { throw Unexpected() }
        #expect(parts.count == 1 && name.contains(parts[0]))
        #expect(try site.index.entries.map(\.name) == ["b:1", "good:1"])
        #expect(try site.verify().faults.isEmpty)
    }

    private struct Unexpected: Error {}

    private func refusals(_ outcome: SiteBuild.Outcome) -> [NameRefusal] {
        outcome.errors.compactMap { error in
            guard case .unportable(let refusal) = error.fault else { return nil }
            return refusal
        }
    }

    /// If no image has a name that the site can hold, the site is empty, but whole.
    @Test func onlyReservedNames() throws {
        let archive = try archive("a", "aux/nul:con", "aux/nul:2")
        let outcome = try site.build([archive], layout: .portable)
        #expect(refusals(outcome).map(\.name) == ["aux/nul:2", "aux/nul:con"])
        #expect(refusals(outcome).first?.reason == .reserved(["aux", "nul"]))
        #expect(try site.index.entries.isEmpty)
        let report = try site.verify()
        #expect(report.faults == [])
        #expect(!report.isUnfinished)
    }

    /// A signature of a refused image is not a refusal of its own.
    @Test func referrersOfARefusedImage() throws {
        let name = try #require(GivenName("aux:1"))
        let input = Fixture.path("oci-referrers")
        let outcome = try site.build([input], layout: .portable) { $0.given = [name] }
        #expect(refusals(outcome).map(\.name) == ["aux:1", "aux:2"])
        #expect(try site.verify().faults.isEmpty)
    }

    /// A run that is stopped leaves no half-made site, and the next run may choose the layout.
    @Test func aStoppedFirstRun() throws {
        let archive = try archive("a", "aux:1")
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([archive], layout: .portable) { $0.isStrict = true }
        }
        #expect(try site.snapshot().keys.sorted() == [".regstatic", ".regstatic/lock"])
        #expect(throws: SiteDamage.notBuilt(site.path)) { try SiteFolder.forReading(site.path) }
        try site.build([archive])
        #expect(try site.index.layout == .plain)
        #expect(try site.verify().faults.isEmpty)
    }

    /// A stopped run leaves a site with images as it was.
    @Test func aStoppedSecondRun() throws {
        try build([try archive("a", "app:1")])
        let before = try site.published()
        let bad = try archive("b", "aux:1")
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([bad]) { $0.isStrict = true }
        }
        #expect(Tree.differences(before, try site.published()) == [])
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([bad]) { $0.mirroring = { _ in true } }
        }
        #expect(Tree.differences(before, try site.published()) == [])
    }

    @Test(arguments: ["con1/app", "com/app", "lpt10/app", "console/x", "team/acon"])
    func namesThatOnlyLookLikeIt(_ name: String) throws {
        try build([try archive("a", "\(name):1")])
        #expect(try site.verify().faults.isEmpty)
    }

    @Test func tagsThatDifferOnlyByCapitals() throws {
        let archive = try archive("a", "app:RC1", "app:Rc1", "app:rc1")
        let outcome = try site.build([archive], layout: .portable)
        let tags = try ["RC1", "Rc1"].map { try #require(Tag($0)) }
        #expect(refusals(outcome).map(\.name) == ["app:RC1", "app:Rc1"])
        #expect(
            refusals(outcome).map(\.reason)
                == [.differsByCase([tags[1]]), .differsByCase([tags[0]])]
        )
        #expect(try site.index.entries.map(\.name) == ["app:rc1"])
        #expect(try site.verify().faults.isEmpty)
    }

    /// The site has one of the tags since an earlier run.
    @Test func aTagThatDiffersFromOneOfTheSite() throws {
        try build([try archive("a", "app:RC1")])
        let archive = try archive("b", "app:Rc1", "app:RC1", "app:2")
        let outcome = try site.build([archive])
        #expect(refusals(outcome).map(\.name) == ["app:Rc1"])
        #expect(refusals(outcome).first?.reason == .differsFromSite(try #require(Tag("RC1"))))
        #expect(try site.index.entries.map(\.name) == ["app:2", "app:RC1"])
        // The remedy: remove the old tag, then add the new one.
        let reference = try #require(SiteReference("app:RC1"))
        _ = try site.pruner().remove([reference])
        #expect(refusals(try site.build([archive])).map(\.name).count == 2)
        let only = try self.archive("c", "app:Rc1")
        #expect(refusals(try site.build([only])).isEmpty)
        #expect(try site.verify().faults.isEmpty)
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
