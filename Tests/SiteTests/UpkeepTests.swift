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

/// Images that leave a site, and the space that they took.
@Suite struct UpkeepTests {
    private static let inputs = ["registry-backup.tar", "docker28ctr-multiarch-attested.tar"]

    private func site(_ layout: SiteLayout = .plain) throws -> BuiltSite {
        let site = try BuiltSite()
        try site.build(Self.inputs.map(Fixture.path), layout: layout)
        return site
    }

    private func reference(_ text: String) throws -> SiteReference {
        try #require(SiteReference(text))
    }

    private func remove(_ names: String..., from site: BuiltSite) throws {
        _ = try site.pruner().remove(try names.map(reference))
    }

    private func digest(_ name: String, in site: BuiltSite) throws -> Digest {
        try site.index.entry(try reference(name)).manifest.digest
    }

    @Test(arguments: SiteLayout.allCases) func removedTag(_ layout: SiteLayout) throws {
        let site = try site(layout)
        let digest = try digest("zoo/multi:1", in: site)
        let before = try site.snapshot()
        try remove("zoo/multi:1", from: site)
        let index = try site.index
        #expect(throws: LookupError.self) { try index.entry(try reference("zoo/multi:1")) }
        let kept = try index.entry(try reference("zoo/multi@\(digest)"))
        #expect(kept.isReplaced)
        let report = try site.verify()
        #expect(report.faults == [])
        #expect(report.unreferenced == [])
        let gone = Set(before.keys).subtracting(try site.snapshot().keys)
        #expect(gone.count == 1)
        #expect(gone.first?.hasPrefix("v2/zoo/multi/manifests/") == true)
        let list = try JSON(parsing: try site.folder.read("site/v2/zoo/multi/tags/list"))
        #expect(list["tags"]?.array?.map(\.string) == ["2"])
    }

    /// The same site as if the image had never been there.
    @Test(arguments: SiteLayout.allCases) func pruned(_ layout: SiteLayout) throws {
        let site = try site(layout)
        try remove("zoo/multi:1", from: site)
        let announced = try site.pruner().unreferenced(waiting: false)
        let found = try site.pruner().prune(waiting: false).removed
        #expect(found.bytes == announced.bytes)
        #expect(found.content == announced.content)
        let without = try BuiltSite()
        try without.build([Fixture.path(Self.inputs[0])], layout: layout)
        // Which registries archives named is still known, for the clients' sake.
        let differences = Tree.differences(try without.published(), try site.published())
        #expect(differences.allSatisfy { $0.contains("index.json") })
        #expect(try without.index.entries == site.index.entries)
        #expect(try site.pruner().prune(waiting: false).removed.isEmpty)
        #expect(try site.verify().faults == [])
    }

    @Test func wholeRepository() throws {
        let site = try site()
        try remove("charts/demo:0.1.0", from: site)
        _ = try site.pruner().prune(waiting: false).removed
        #expect(try site.snapshot().keys.filter { $0.hasPrefix("v2/charts") } == [])
        #expect(try !site.index.repositories.map(\.description).contains("charts/demo"))
        #expect(try site.verify().unreferenced == [])
    }

    /// A moved tag's old image waits for prune; one that came without a tag stays.
    @Test func whatStays() throws {
        let site = try BuiltSite()
        try site.build([Fixture.path("docker20-byid.tar")])
        try site.build([Fixture.path("docker20-one.tar")])
        let before = try site.published()
        #expect(try site.pruner().prune(waiting: false).removed.isEmpty)
        #expect(Tree.differences(before, try site.published()) == [])
        let other = SyntheticImage(layers: [SyntheticImage.layer("a", "other")])
        let entry = try #require(try site.index.entries.first { $0.tag != nil })
        try site.build([try site.archive("other.tar", other.dockerArchive([entry.name]))])
        let found = try site.pruner().prune(waiting: false).removed
        #expect(found.images.map(\.manifest.digest) == [entry.manifest.digest])
    }

    @Test func neededByAnIndex() throws {
        let site = try site()
        let index = try digest("zoo/multi:2", in: site)
        let bytes = try site.folder.read("site/blobs/sha256/\(index.hex)")
        let child = try #require(
            try JSON(parsing: bytes)["manifests"]?.array?.first?["digest"]?.string
        )
        let before = try site.snapshot()
        for name in ["zoo/multi@\(child)", "zoo/multi@\(index)"] {
            let error = #expect(throws: LookupError.self) { try remove(name, from: site) }
            guard case .needed(_, let owners)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(owners.contains("zoo/multi:2"))
        }
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    /// Its layers are still good: building the image again mends it, unless prune took them.
    @Test func damagedPlatformIsNotPruned() throws {
        let site = try site()
        let index = try digest("zoo/multi:2", in: site)
        let bytes = try site.folder.read("site/blobs/sha256/\(index.hex)")
        let child = try JSON(parsing: bytes)["manifests"]?.array?.first?["digest"]?.string
        let digest = try #require(child.flatMap { Digest($0) })
        try site.folder.write("site/blobs/sha256/\(digest.hex)", "damaged")
        let before = try site.snapshot()
        #expect(throws: SiteDamage.self) { try site.pruner().unreferenced(waiting: false) }
        #expect(throws: SiteDamage.self) { try site.pruner().prune(waiting: false).removed }
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    @Test func nothingOfThatName() throws {
        let site = try site()
        let before = try site.snapshot()
        #expect(throws: LookupError.self) { try remove("zoo/multi:2", "zoo/multi:9", from: site) }
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    /// What refers to an image goes with it, unless a tag names it.
    @Test func referrers() throws {
        let site = try BuiltSite()
        let given = try #require(GivenName("\(Fixture.path("oci-referrers"))=zoo/hello"))
        try site.build([Fixture.path("oci-referrers")]) { $0.given = [given] }
        let graph = try SiteFolder.forReading(site.path).graph()
        let entries = try site.index.entries
        let subjects = entries.filter { graph.nodes[$0.manifest.digest]?.manifest.subject == nil }
        for entry in subjects { _ = try site.pruner().remove([try reference(entry.name)]) }
        let found = try site.pruner().prune(waiting: false).removed
        let untagged = entries.filter { $0.tag == nil }
        #expect(found.images.count >= untagged.count)
        #expect(try site.index.entries.allSatisfy { $0.tag != nil })
        #expect(try site.verify().faults == [])
    }

    /// A record in a site could say that a layer is another one, so a site has none.
    @Test func recordsInASiteAreRemoved() throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        try site.folder.write("site/.regstatic/layers/gzip-2/\(Sample.digest("a").hex)", "x")
        try site.build([Fixture.path("docker20-one.tar")])
        #expect(try site.snapshot().keys.filter { $0.contains("layers") } == [])
    }

    /// Clients may still be pulling what a tag named a moment ago.
    @Test func replacedImagesWait() throws {
        let site = try BuiltSite([Fixture.path("docker20-many.tar")])
        let reference = try reference("zoo/hello:2")
        _ = try site.pruner(now: 1000).remove([reference])
        let early = try site.pruner(now: 4599).prune(waiting: true).removed
        #expect(early.images.isEmpty && early.content.isEmpty)
        #expect(early.waiting.count == 1)
        #expect(early.end == 4600)
        #expect(try site.verify().faults == [])
        let late = try site.pruner(now: 4600).prune(waiting: true).removed
        #expect(late.images.count == 1 && late.waiting.isEmpty)
        #expect(try site.verify().faults == [])
        #expect(try site.verify().unreferenced == [])
    }

    /// A clock that was wrong must neither delete at once nor keep for ever.
    @Test func timesFromTheFutureCountAsNow() throws {
        let site = try BuiltSite([Fixture.path("docker20-many.tar")])
        let reference = try reference("zoo/hello:2")
        _ = try site.pruner(now: 1_000_000).remove([reference])
        #expect(try site.pruner(now: 5000).prune(waiting: true).removed.end == 8600)
        #expect(try site.pruner(now: 8600).prune(waiting: true).removed.images.count == 1)
        // Without a record the hour begins when a run sees the image.
        _ = try site.pruner(now: 9000).remove([try self.reference("zoo/hello:1")])
        try site.folder.remove("site/.regstatic/replaced.json")
        #expect(try site.pruner(now: 99_000).prune(waiting: true).removed.images.isEmpty)
        #expect(try site.pruner(now: 102_600).prune(waiting: true).removed.images.count == 1)
    }
}

extension Tree.Entry {
    fileprivate var isFile: Bool {
        if case .file = self { true } else { false }
    }
}
