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

/// A bundle brings to the far site exactly what `build` with the same inputs brings.
@Suite struct RoundTripTests {
    /// Each fixture before and after another one, and those that share tags or images.
    static let pairs: [[String]] = {
        let names = Fixture.names
        return names.indices.map { [names[$0], names[($0 + 1) % names.count]] } + [
            ["registry-backup.tar", "docker28ctr-sparse.tar"],
            ["docker28ctr-sparse.tar", "registry-backup.tar"],
            ["buildx-docker-arm64.tar", "buildx-docker-amd64.tar"],
            ["oci-dir", "docker20-many.tar"],
        ]
    }()

    /// A large image in the new inputs, so that each bundle has several volumes.
    private static let large: [UInt8] = {
        let layer = TarBuilder.tar([.file("noise", Generator.noise(1_300_000))])
        return TarBuilder.tar(SyntheticImage(layers: [layer]).dockerArchive(["large:1"]))
    }()

    /// The bundle is the same for each way to say what the site has, as one file and as volumes.
    @Test(arguments: pairs) func likeBuild(_ pair: [String]) throws {
        let folder = try TemporaryFolder()
        let large = try folder.write("large.tar", Self.large)
        let (old, new) = (Fixture.path(pair[0]), Fixture.path(pair[1]))
        let trip = try Trip(old: [old], new: [new, large])
        let first = try trip.bundle("first.bundle", have: [])
        #expect(try trip.home.unreferenced == [])
        try Self.checkHave(trip, patches: false)
        try Self.checkTrips(trip, old, [new, large], patches: false)
        try Self.checkFirstTrip(first, of: trip.home)
    }

    /// Two releases of what each producer writes; layers that regstatic compresses travel as patches.
    @Test(arguments: Fixture.archives) func nextVersion(_ name: String) throws {
        let folder = try TemporaryFolder()
        let large = try folder.write("large.tar", Self.large)
        let paths = try [UInt8](1...2)
            .map { version in
                let bytes = try FixtureVersion.bytes(name, version: version)
                return try folder.write("\(version)-\(name)", bytes)
            }
        let trip = try Trip(old: [paths[0]], new: [paths[1], large])
        try Self.checkHave(trip, patches: true)
        let document = try Self.checkTrips(trip, paths[0], [paths[1], large], patches: true)
        #expect(try document.patches.isEmpty != FixtureVersion.hasRawLayers(name))
    }

    /// Inventory, site, index.json and an earlier bundle all say the same of the far site.
    ///
    /// index.json doesn't say which platforms an image lacks there; `SparseBundleTests` have that case.
    private static func checkHave(_ trip: Trip, patches: Bool) throws {
        let isSparse = try !SiteFolder.forReading(trip.far.path).graph().missing.isEmpty
        let list = isSparse ? [] : ["\(trip.far.path)/index.json"]
        let have =
            try list + [
                trip.inventory(), trip.far.path, Trip(home: trip.far, far: trip.far).bundleOfAll(),
            ]
        let bundles = try have.map { path in
            let paths = try trip.bundle(have: [path]) { $0.makesPatches = patches }
            return try Tree.contents(paths[0])
        }
        #expect(Set(bundles).count == 1)
    }

    /// Takes the bundle as one file to a plain site, and as volumes to a portable one.
    ///
    /// - Returns: the list of the bundle.
    @discardableResult
    private static func checkTrips(
        _ trip: Trip,
        _ old: String,
        _ new: [String],
        patches: Bool
    ) throws -> BundleDocument {
        var document: BundleDocument?
        for (size, layout) in [(nil, .plain), (1_150_000, .portable)] as [(Int?, SiteLayout)] {
            let paths = try trip.bundle(have: [trip.far.path]) { options in
                options.volumeSize = size
                options.makesPatches = patches
            }
            #expect((paths.count > 1) == (size != nil))
            let report = try trip.check(paths)
            #expect(report.isWhole)
            try checkApplication(of: paths, old, new, layout)
            document = try document ?? BundleFiles(paths).document
        }
        return try #require(document)
    }

    private static func checkApplication(
        of paths: [String],
        _ old: String,
        _ new: [String],
        _ layout: SiteLayout
    ) throws {
        let expected = try Trip(old: [old], new: [], layout: layout)
        let (built, trip) = (expected.far, try Trip(old: [old], new: [], layout: layout))
        try built.build(new)
        let outcome = try trip.apply(paths)
        #expect(outcome.isComplete)
        #expect(outcome.kept.isEmpty)
        try expectSame(built, trip.far)
        #expect(try trip.far.verify().faults == [])
        #expect(try trip.far.unreferenced == built.unreferenced)
        let again = try trip.apply(paths) { $0.force = true }
        #expect(again.changes.isEmpty)
        try expectSame(built, trip.far)
    }

    /// A bundle without `--have` fills an empty site.
    private static func checkFirstTrip(_ paths: [String], of home: BuiltSite) throws {
        let trip = try Trip(home: home, far: BuiltSite())
        try trip.apply(paths)
        #expect(try trip.far.verify().faults == [])
        #expect(try trip.far.unreferenced == [])
        let current = try home.index.entries.filter { !$0.isReplaced }
        #expect(try trip.far.index.entries == current)
        guard try current == home.index.entries else { return }
        try expectSame(home, trip.far)
    }
}

extension Trip {
    /// A bundle of everything that home has.
    func bundleOfAll() throws -> String {
        let site = try SiteFolder.forReading(home.path)
        let creation = try BundleCreation(
            site,
            scratch: scratch.path,
            BundleCreation.Options(threads: 2)
        )
        let draft = try creation.draft(for: ReceivingSite(), progress: NoProgress())
        return
            try
            creation.write(
                draft,
                to: home.folder["all.bundle"],
                signature: nil,
                progress: NoProgress()
            )[0]
    }
}
