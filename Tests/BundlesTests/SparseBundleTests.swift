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

/// Images of which a part doesn't travel: nobody takes them for whole.
@Suite struct SparseBundleTests {
    private static let other = Fixture.path("docker28ctr-one.tar")
    private static let whole = Fixture.path("buildx-oci-multiarch.tar")

    private func trip() throws -> Trip {
        try Trip(home: BuiltSite([Self.whole]), far: BuiltSite([Self.other]))
    }

    @Test func wholeImagesAreNotNamed() throws {
        let trip = try trip()
        let paths = try trip.bundle(have: [])
        #expect(try trip.draft(have: []).draft.sparse.isEmpty)
        #expect(try BundleFiles(paths).sparseImages.isEmpty)
        #expect(try trip.check(paths).sparse.isEmpty)
        #expect(try trip.apply(paths).sparse.isEmpty)
    }

    /// Home itself has only one platform.
    @Test func homeLacksAPart() throws {
        let trip = try Trip(
            home: BuiltSite([Fixture.path("docker28ctr-sparse.tar")]),
            far: BuiltSite([Self.other])
        )
        let expected = try trip.draft(have: []).draft.sparse
        #expect(expected.map(\.name) == ["zoo/multi:2"])
        let paths = try trip.bundle(have: [])
        #expect(try BundleFiles(paths).sparseImages.map(\.missing) == expected.map(\.missing))
        #expect(try trip.check(paths).sparse.map(\.missing) == expected.map(\.missing))
        #expect(try trip.apply(paths).sparse.map(\.missing) == expected.map(\.missing))
    }

    /// index.json doesn't say what an image lacks at the far site: nothing is changed there, and its
    /// inventory makes the bundle that fits.
    @Test func siteLacksAPart() throws {
        let sparse = Fixture.path("docker28ctr-sparse.tar")
        let whole = Fixture.path("registry-backup.tar")
        let trip = try Trip(old: [sparse], new: [whole])
        let paths = try trip.bundle(have: ["\(trip.far.path)/index.json"])
        let before = try trip.far.published()
        let error = #expect(throws: BundleRefusal.self) { try trip.apply(paths) }
        guard case .missing? = error else {
            Issue.record("refused for another reason")
            return
        }
        #expect(Tree.differences(before, try trip.far.published()) == [])
        try trip.apply(try trip.bundle(have: [trip.inventory()]))
        let expected = try BuiltSite([sparse])
        try expected.build([whole])
        try expectSame(expected, trip.far)
    }

    /// Somebody takes a platform out of an unsigned bundle.
    @Test func hiddenPlatform() throws {
        let trip = try trip()
        let path = try trip.bundle(have: [])[0]
        let contents = try SiteContents(
            trip.home.index,
            SiteFolder.forReading(trip.home.path).graph()
        )
        let entry = try #require(contents.index.entries.first { $0.tag != nil })
        let child = try #require(
            contents.graph.children(entry.manifest).first { $0.platform?.isUnknown == false }
        )
        let node = try #require(contents.graph.nodes[child.digest])
        let others = contents.graph.nodes.keys.filter { $0 != child.digest }
        let shared = contents.graph.blobs(of: others)
        let own = node.blobs.filter { shared[$0.digest] == nil }
        let hidden = Set(([child] + own).map(\.digest.description))
        var forged = try ForgedBundle(path)
        try forged.change("carries") { carries in
            carries.filter { !hidden.contains($0.array?.first?.string ?? "") }
        }
        forged.members.removeAll { member in
            hidden.contains { member.name.hasSuffix($0.dropFirst("sha256:".count)) }
        }
        let other = try trip.bag.write("forged", forged.bytes)
        let sparse = try trip.check([other]).sparse
        #expect(sparse.map(\.name).contains(entry.name))
        #expect(sparse.flatMap(\.missing).map(\.digest).contains(child.digest))
        #expect(try BundleFiles([other]).sparseImages.map(\.name) == sparse.map(\.name))
        #expect(try trip.apply([other]).sparse.map(\.name) == sparse.map(\.name))
    }

    /// A manifest that the site has isn't in the bundle, and isn't missing, either.
    @Test func requiredParts() throws {
        let trip = try Trip(home: BuiltSite([Self.whole]), far: BuiltSite([Self.whole]))
        try trip.home.tag(
            try #require(try trip.home.index.entries.first { $0.tag != nil }).name,
            as: ":again"
        )
        let paths = try trip.bundle(have: [trip.inventory()])
        #expect(try BundleFiles(paths).sparseImages.isEmpty)
        #expect(try trip.check(paths).sparse.isEmpty)
        #expect(try trip.apply(paths).sparse.isEmpty)
    }
}
