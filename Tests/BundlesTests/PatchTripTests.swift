// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import Compression
import OCI
import Site
import SiteTestSupport
import TestSupport
import Testing

/// Bundles whose layers travel as patches.
@Suite struct PatchTripTests {
    private let patched: PatchTrip
    private var trip: Trip { patched.trip }

    init() throws { patched = try PatchTrip() }

    private func bundle(
        _ change: (inout BundleCreation.Options) -> Void = { _ in }
    ) throws -> [String] { try patched.bundle(change) }

    /// The default, another level, and another encoding.
    static let recipes = [
        Recipe.standard, Recipe(.gzip, level: 2), Recipe(.zstd, level: 3),
    ]
    .compactMap(\.self)

    @Test(arguments: recipes) func layersAreTheSame(_ recipe: Recipe) throws {
        let suite = try PatchTrip(recipe)
        let path = try suite.bundle()[0]
        let document = try BundleFiles([path]).document
        #expect(document.patches.map(\.recipe) == [recipe.name])
        #expect(document.patches[0].patch.size < 1000)
        #expect(try Tree.contents(path).count < 20_000)
        try suite.trip.apply([path])
        try expectSame(suite.trip.home, suite.trip.far)
        #expect(try suite.trip.far.verify().faults == [])
        #expect(try suite.trip.far.unreferenced == [])
    }

    /// No level can compress the content, so each level makes the same layer.
    @Test func ambiguousRecipe() throws {
        let suite = try PatchTrip(try #require(Recipe(.zstd, level: 7)), mask: 255)
        let path = try suite.bundle()[0]
        #expect(try BundleFiles([path]).document.patches.count == 1)
        try suite.trip.apply([path])
        try expectSame(suite.trip.home, suite.trip.far)
    }

    /// `build` takes the same bundle.
    @Test func buildMakesLayers() throws {
        let path = try bundle()[0]
        let site = try SiteFolder.forWriting(trip.far.path)
        let taken = try BundleInputs(
            [path],
            into: site,
            threads: 2,
            progress: NoProgress()
        ) { _, _, _ in }
        #expect(taken.paths == [path])
        #expect(taken.damaged.isEmpty && taken.waiting.isEmpty)
        withExtendedLifetime(site) {}
    }

    @Test func sameBundleForEachNumberOfThreads() throws {
        let one = try Tree.contents(try bundle { $0.threads = 1 }[0])
        #expect(try Tree.contents(try bundle { $0.threads = 4 }[0]) == one)
    }

    /// A site whose encoder is another one gets the layer as a whole.
    @Test func otherEncoder() throws {
        var inventory = try SiteFolder.forReading(trip.far.path).inventory()
        inventory.encoders = ["gzip-v1"]
        let path = try trip.bag.write("old.json", inventory.bytes)
        let paths = try trip.bundle(have: [path]) { $0.makesPatches = true }
        #expect(try BundleFiles(paths).document.patches.isEmpty)
    }

    /// The records of this machine don't change the bundle.
    @Test func sameBundleWithRecords() throws {
        let one = try Tree.contents(try bundle()[0])
        #expect(try Tree.contents(try bundle { $0.cache = patched.cache }[0]) == one)
    }

    /// A base of several patches is decompressed into a file.
    @Test func sharedBases() throws {
        let folder = try TemporaryFolder()
        let parts = (0..<4).map { Generator.text(200_000, seed: UInt64($0)) }
        func image(_ version: Int, _ layers: [[Int]]) throws -> String {
            let tars = layers.enumerated()
                .map { number, layer in
                    TarBuilder.tar(
                        [.file("version", "\(version) \(number)")]
                            + layer.map { .file("part-\($0)", parts[$0]) }
                    )
                }
            let archive = SyntheticImage(layers: tars).dockerArchive(["app:\(version)"])
            return try folder.write("\(version).tar", TarBuilder.tar(archive))
        }
        let old = try image(1, [[0, 1], [2, 3]])
        let new = try image(2, [[3, 0], [1, 2]])
        let trip = try Trip(old: [old], new: [new])
        let path = try trip.bundle(have: [trip.inventory()]) { $0.makesPatches = true }[0]
        let patches = try BundleFiles([path]).document.patches
        #expect(patches.map(\.bases.count) == [2, 2])
        #expect(patches.allSatisfy { $0.patch.size < 2000 })
        try trip.apply([path])
        try expectSame(trip.home, trip.far)
        #expect(try trip.far.unreferenced == [])
    }
}
