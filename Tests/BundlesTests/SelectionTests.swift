// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Bundles of some images, and what the other site has according to different documents.
@Suite struct SelectionTests {
    private static let signed = Fixture.path("registry-signed.tar")
    private static let one = Fixture.path("docker28ctr-one.tar")
    private static let many = Fixture.path("docker28ctr-many.tar")

    private func reference(_ text: String) throws -> SiteReference {
        try #require(SiteReference(text))
    }

    private func names(_ paths: [String]) throws -> [String] {
        try BundleFiles(paths).document.tags.map(\.name)
    }

    // MARK: Referrers

    /// Signatures come along, whatever way they name their image, and those of other images don't.
    @Test(arguments: ["team/app:1.0", "team/tool:1.0"])
    func referrersOfANamedImage(_ name: String) throws {
        let trip = try Trip(home: BuiltSite([Self.signed]), far: BuiltSite([Self.one]))
        let named = try reference(name)
        let paths = try trip.bundle(have: []) { $0.names = [named] }
        let contents = try SiteContents(
            trip.home.index,
            SiteFolder.forReading(trip.home.path).graph()
        )
        let subjects = contents.graph.manifests(
            below: try contents.index.entry(named).manifest.digest
        )
        let referrers = contents.index.entries.filter { entry in
            let subject = contents.graph.nodes[entry.manifest.digest]?.manifest.subject
            return entry.repository == named.repository
                && [subject, entry.tag?.attachment?.subject]
                    .contains { $0.map(subjects.contains) == true }
        }
        #expect(!referrers.isEmpty)
        #expect(Set(try names(paths)).isSuperset(of: referrers.map(\.name)))
        #expect(try names(paths).allSatisfy { $0.hasPrefix("\(named.repository)") })
        try trip.apply(paths)
        #expect(try trip.far.verify().faults == [])
        let far = try SiteFolder.forReading(trip.far.path)
        #expect(Set(far.index.entries.map(\.name)).isSuperset(of: referrers.map(\.name)))
    }

    // MARK: --full

    @Test func fullImage() throws {
        let trip = try Trip(old: [Self.many], new: [])
        let inventory = try trip.inventory()
        #expect(try BundleFiles(trip.bundle(have: [inventory])).document.carries.isEmpty)
        let full = try reference("zoo/hello:2")
        let paths = try trip.bundle("full.bundle", have: [inventory]) { $0.full = [full] }
        let document = try BundleFiles(paths).document
        let contents = try SiteContents(
            trip.home.index,
            SiteFolder.forReading(trip.home.path).graph()
        )
        let manifests = contents.graph.manifests(
            below: try contents.index.entry(full).manifest.digest
        )
        let expected = manifests.union(contents.graph.blobs(of: manifests).keys)
        #expect(Set(document.carries.map(\.digest)) == expected)
        // The far site lost a layer of this image, and its inventory is older.
        let lost = try #require(contents.graph.blobs(of: manifests).keys.sorted().first)
        try trip.far.folder.remove("site/\(lost.blobPath)")
        try trip.apply(paths)
        #expect(try trip.far.verify().faults == [])
    }

    /// An unknown image is a mistake of the user.
    @Test func fullImageThatHomeLacks() throws {
        let trip = try Trip(old: [Self.many], new: [])
        let full = try reference("zoo/none:1")
        #expect(throws: LookupError.self) { try trip.draft(have: []) { $0.full = [full] } }
        #expect(throws: LookupError.self) { try trip.draft(have: []) { $0.names = [full] } }
    }

    // MARK: Removed far away

    /// A bundle that doesn't change a tag doesn't bring back what the other site has removed.
    @Test(arguments: [false, true]) func keptAsRemoved(_ isForced: Bool) throws {
        let trip = try Trip(old: [Self.many], new: [])
        let entry = try #require(try trip.far.index.entries.first { $0.name == "zoo/hello:2" })
        let paths = try trip.bundle()
        try trip.far.remove(entry)
        #expect(try trip.check(paths).fit?.conflicts == [])
        let outcome = try trip.apply(paths) { $0.force = isForced }
        #expect(outcome.kept.map(\.name) == (isForced ? [] : ["zoo/hello:2"]))
        #expect(outcome.changes.map(\.entry.name) == (isForced ? ["zoo/hello:2"] : []))
        let names = try trip.far.index.entries.filter { !$0.isReplaced }.map(\.name)
        #expect(names.contains("zoo/hello:2") == isForced)
        #expect(try trip.far.verify().faults == [])
    }

    // MARK: Layouts

    /// The layout of the other site makes no difference.
    @Test func inventoryOfAPortableSite() throws {
        let plain = try Trip.versions()
        let paths = try plain.bundle(have: [plain.inventory()])
        let far = try BuiltSite()
        try far.build([plain.far.path], layout: .portable)
        let trip = try Trip(home: plain.home, far: far)
        let others = try trip.bundle(have: [trip.inventory()])
        #expect(try Tree.contents(others[0]) == Tree.contents(paths[0]))
        #expect(try trip.apply(others).isComplete)
        #expect(try far.verify().faults == [])
        #expect(try far.index.layout == .portable)
        let names = try far.index.entries.map(\.name)
        #expect(Set(names).isSuperset(of: ["app:1", "app:2"]))
    }
}
