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

/// Bundles that don't fit the site, and what the options of `apply` make of them.
@Suite struct RefusalTests {
    private static let many = Fixture.path("docker28ctr-many.tar")
    private static let one = Fixture.path("docker28ctr-one.tar")

    /// Applies a bundle that must be refused, and checks that no file of the site has changed.
    private func refusal(
        _ trip: Trip,
        _ paths: [String],
        _ change: (inout BundleApplication.Options) -> Void = { _ in }
    ) throws -> BundleRefusal? {
        let before = try trip.far.snapshot()
        let error = #expect(throws: BundleRefusal.self) { try trip.apply(paths, change) }
        #expect(Tree.differences(before, try trip.far.snapshot()) == [])
        return error
    }

    private func conflicts(_ error: BundleRefusal?) -> [BundleFit.Conflict]? {
        guard case .conflicts(let conflicts) = error else { return nil }
        return conflicts
    }

    // MARK: Required content

    @Test(arguments: [nil, 1_200_000]) func wrongBase(_ size: Int?) throws {
        let trip = try Trip.versions(newBytes: 3_000_000)
        let paths = try trip.bundle(volumes: size)
        let other = try Trip(home: trip.home, far: BuiltSite([Self.one]))
        let needs = try BundleFiles(paths).document.needs
        #expect(needs.map(\.purpose) == ["layer 1 of app:1"])
        guard case .missing(let missing) = try refusal(other, paths) else {
            Issue.record("no refusal")
            return
        }
        #expect(missing == needs)
        let report = try other.check(paths)
        #expect(report.fit?.missing == needs)
        #expect(!report.isWhole)
        // The refused site's inventory makes a bundle of the rest.
        try other.apply(try other.bundle("rest.bundle", have: [other.inventory()]))
        #expect(try other.far.verify().faults == [])
    }

    /// A blob of another size isn't what the bundle needs.
    @Test(arguments: ["", "and more"]) func otherSize(_ text: String) throws {
        let trip = try Trip.versions()
        let paths = try trip.bundle()
        let need = try #require(try BundleFiles(paths).document.needs.first)
        let path = "site/\(need.digest.blobPath)"
        let bytes = try trip.far.folder.read(path)
        try trip.far.folder.write(path, text.isEmpty ? [] : bytes + Array(text.utf8))
        guard case .missing([need]) = try refusal(trip, paths) else {
            Issue.record("no refusal")
            return
        }
        // An inventory of this site doesn't list the damaged blob, so the next bundle repairs it.
        let inventory = try trip.inventory()
        try trip.apply(try trip.bundle("again.bundle", have: [inventory]))
        #expect(try trip.far.verify().faults == [])
    }

    // MARK: Tags

    @Test func movedTag() throws {
        let trip = try Trip.versions()
        let paths = try trip.bundle()
        let third = SyntheticImage(layers: [SyntheticImage.layer("c", "three")])
        try trip.far.build([try trip.far.archive("third.tar", third.dockerArchive())])
        let found = try trip.far.index.entries.first { $0.name == "app:1" }?.manifest.digest
        let conflicts = conflicts(try refusal(trip, paths))
        #expect(conflicts?.map(\.tag.name) == ["app:1"])
        #expect(conflicts?.first?.found == found)
        #expect(conflicts?.first?.isRemoval == false)
        #expect(try trip.check(paths).fit?.conflicts == conflicts)
        let outcome = try trip.apply(paths) { $0.force = true }
        #expect(outcome.changes.map(\.entry.name) == ["app:1", "app:2"])
        #expect(outcome.changes.map(\.previous) == [found, nil])
        #expect(try trip.far.verify().faults == [])
    }

    @Test func absentTag() throws {
        let trip = try Trip.versions()
        let paths = try trip.bundle()
        let entry = try #require(try trip.far.index.entries.first)
        // The image stays until `prune`, so that its content is there.
        try trip.far.remove(entry)
        let conflicts = conflicts(try refusal(trip, paths))
        #expect(conflicts?.map(\.found) == [nil])
        #expect(conflicts?.first?.tag.previous == entry.manifest.digest)
        try trip.apply(paths) { $0.force = true }
        #expect(try trip.far.verify().faults == [])
    }

    /// The bundle expects that a tag is not there.
    @Test func presentTag() throws {
        let trip = try Trip.versions()
        let paths = try trip.bundle()
        let other = SyntheticImage(layers: [SyntheticImage.layer("c", "three")])
        let archive = try trip.far.archive("other.tar", other.dockerArchive(["app:2"]))
        try trip.far.build([archive])
        let conflicts = conflicts(try refusal(trip, paths))
        #expect(conflicts?.map(\.tag.name) == ["app:2"])
        #expect(conflicts?.first?.tag.previous == nil)
        try trip.apply(paths) { $0.force = true }
        #expect(try trip.far.verify().faults == [])
    }

    /// A replay of an older bundle doesn't move a tag back.
    @Test func replay() throws {
        let trip = try Trip.versions()
        let wayBack = try Trip(home: trip.far, far: trip.home)
        let back = try wayBack.bundle()
        let paths = try trip.bundle()
        try trip.apply(paths)
        let fourth = SyntheticImage(layers: [SyntheticImage.layer("d", "four")])
        try trip.far.build([try trip.far.archive("fourth.tar", fourth.dockerArchive())])
        #expect(conflicts(try refusal(trip, paths))?.count == 1)
        #expect(conflicts(try refusal(trip, back))?.count == 1)
    }

    /// A tag that the bundle doesn't change stays as the site has it.
    @Test(arguments: [false, true]) func keptTag(_ isForced: Bool) throws {
        let trip = try Trip(old: [Self.many], new: [Self.one])
        let added = SyntheticImage(layers: [SyntheticImage.layer("n", "new")])
        try trip.home.build([try trip.home.archive("n.tar", added.dockerArchive(["n:1"]))])
        let paths = try trip.bundle()
        let other = SyntheticImage(layers: [SyntheticImage.layer("o", "other")])
        let archive = try trip.far.archive("other.tar", other.dockerArchive(["zoo/hello:1"]))
        try trip.far.build([archive])
        let before = try trip.far.index.entries.filter { $0.name == "zoo/hello:1" }
        let outcome = try trip.apply(paths) { $0.force = isForced }
        #expect(outcome.kept.map(\.name) == (isForced ? [] : ["zoo/hello:1"]))
        #expect(outcome.changes.count == (isForced ? 2 : 1))
        let after = try trip.far.index.entries.filter { $0.name == "zoo/hello:1" }
        #expect((before == after) == !isForced)
        #expect(try trip.far.verify().faults == [])
    }

    // MARK: Removal

    /// An image that home keeps and the far site shall not have doesn't travel.
    @Test func removedFarAwayOnly() throws {
        let trip = try Trip(old: [Self.many], new: [])
        let reference = try #require(SiteReference("zoo/hello:2"))
        let paths = try trip.bundle(have: [trip.far.path]) { $0.removed = [reference] }
        let document = try BundleFiles(paths).document
        #expect(document.removed.map(\.name) == ["zoo/hello:2"])
        #expect(document.tags.count == 5)
        #expect(try trip.apply(paths).removed.map(\.name) == ["zoo/hello:2"])
        #expect(try trip.far.verify().faults == [])
    }

    @Test func removedImage() throws {
        let trip = try Trip(old: [Self.many], new: [])
        try trip.home.remove(
            try #require(try trip.home.index.entries.first { $0.name == "zoo/hello:2" })
        )
        let reference = try #require(SiteReference("zoo/hello:2"))
        let paths = try trip.bundle(have: [trip.far.path]) { $0.removed = [reference] }
        let outcome = try trip.apply(paths)
        #expect(outcome.removed.map(\.name) == ["zoo/hello:2"])
        #expect(outcome.changes.isEmpty)
        try expectSame(trip.home, trip.far)
        // Again: it is gone already.
        #expect(try trip.apply(paths).removed.isEmpty)
        try expectSame(trip.home, trip.far)
    }

    @Test func removalOfAMovedTag() throws {
        let trip = try Trip(old: [Self.many], new: [])
        try trip.home.remove(
            try #require(try trip.home.index.entries.first { $0.name == "zoo/hello:2" })
        )
        let reference = try #require(SiteReference("zoo/hello:2"))
        let paths = try trip.bundle(have: [trip.far.path]) { $0.removed = [reference] }
        let other = SyntheticImage(layers: [SyntheticImage.layer("o", "other")])
        let archive = try trip.far.archive("other.tar", other.dockerArchive(["zoo/hello:2"]))
        try trip.far.build([archive])
        let conflicts = conflicts(try refusal(trip, paths))
        #expect(conflicts?.map(\.isRemoval) == [true])
        #expect(try trip.apply(paths) { $0.force = true }.removed.count == 1)
    }

    @Test func mirroring() throws {
        let trip = try Trip(home: BuiltSite([Self.one]), far: BuiltSite([Self.many]))
        let paths = try trip.bundle()
        guard case .declined = try refusal(trip, paths, { $0.mirroring = { _ in false } }) else {
            Issue.record("not declined")
            return
        }
        #expect(try trip.apply(paths).removed.isEmpty)
        let outcome = try trip.apply(paths) { $0.mirroring = { $0.count == 5 } }
        #expect(outcome.removed.count == 5)
        #expect(try trip.far.index.entries.filter { !$0.isReplaced }.map(\.name) == ["zoo/hello:1"])
        #expect(try trip.far.verify().faults == [])
        // Nothing is left to be removed, so nothing is asked.
        #expect(try trip.apply(paths) { $0.mirroring = { _ in false } }.removed.isEmpty)
    }
}

extension BuiltSite {
    /// Removes an image as `remove` does: its content stays until `prune`.
    func remove(_ entry: SiteIndex.Entry) throws {
        let update = SiteUpdate(
            try SiteFolder.forWriting(path, creating: false),
            Derived(servers: []),
            now: 0
        )
        var contents = try update.contents()
        try contents.index.remove(entry, contents.graph)
        _ = contents.index.dropShortReferrersTags(contents.graph)
        _ = try update.write(contents)
    }
}
