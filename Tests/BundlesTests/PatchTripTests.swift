// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import Compression
import OCI
import Patches
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Two versions of an image: in the second layer of the new one, few bytes of the old one changed, and
/// its size is no multiple of the encoder's chunks.
private struct PatchTrip {
    let trip: Trip
    private let inputs: TemporaryFolder

    /// `mask` of all ones gives content that no level can compress.
    init(_ recipe: Recipe = .standard, mask: UInt8 = 15) throws {
        let folder = try TemporaryFolder()
        let noise = Generator.noise(2_500_000).map { $0 & mask }
        var changed = noise
        changed.replaceSubrange(1_000_000..<1_000_007, with: [1, 2, 3, 4, 5, 6, 7])
        let base = SyntheticImage.layer("base", "the same in both versions")
        let layers = [noise, changed + [8]].map { TarBuilder.tar([.file("data", $0)]) }
        let paths = try layers.enumerated()
            .map { number, layer in
                let image = SyntheticImage(layers: [base, layer])
                let archive = image.dockerArchive(["app:\(number)"])
                return try folder.write("\(number).tar", TarBuilder.tar(archive))
            }
        inputs = folder
        trip = try Trip(home: BuiltSite(), far: BuiltSite())
        try trip.home.build([paths[0]]) { $0.recipe = recipe }
        try trip.far.build([paths[0]]) { $0.recipe = recipe }
        try trip.home.build([paths[1]]) { $0.recipe = recipe }
    }

    func bundle(
        _ change: (inout BundleCreation.Options) -> Void = { _ in }
    ) throws -> [String] {
        try trip.bundle(have: [trip.inventory()]) { options in
            options.makesPatches = true
            change(&options)
        }
    }
}

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

    @Test func missingBase() throws {
        let path = try bundle()[0]
        let layer = try #require(try trip.far.layers["app:0"]?.last)
        try trip.far.folder.remove("site/\(layer.blobPath)")
        #expect { try trip.apply([path]) } throws: { error in
            guard case BundleRefusal.missing(let needs) = error else { return false }
            return needs.contains { $0.digest == layer }
        }
    }

    /// A base with other bytes is found before anything is published.
    @Test func damagedBase() throws {
        let path = try bundle()[0]
        let layer = try #require(try trip.far.layers["app:0"]?.last)
        var bytes = try trip.far.folder.read("site/\(layer.blobPath)")
        bytes[bytes.count / 2] ^= 1
        try trip.far.folder.write("site/\(layer.blobPath)", bytes)
        let before = try trip.far.index.bytes
        #expect(throws: PatchFailure.base(layer)) { try trip.apply([path]) }
        #expect(try trip.far.index.bytes == before)
    }

    /// A forged patch, with the right digests in bundle.json, gives another layer and is refused.
    @Test(arguments: [40, 60, 120]) func forgedPatch(_ offset: Int) throws {
        var forged = try ForgedBundle(try bundle()[0])
        let patch = try #require(try BundleDocument(forged.document).patches.first)
        var bytes = try forged.content(patch.patch.digest.blobPath)
        bytes[min(offset, bytes.count - 1)] ^= 1
        let digest = Digest(of: bytes)
        forged.members = forged.members.map { member in
            guard member.name == patch.patch.digest.blobPath else { return member }
            return .file(digest.blobPath, bytes)
        }
        let text = String(decoding: try forged.content("bundle.json"), as: UTF8.self)
        forged.set(
            "bundle.json",
            Array(text.replacing("\(patch.patch.digest)", with: "\(digest)").utf8)
        )
        let path = try trip.bag.write("forged.bundle", forged.bytes)
        let before = try trip.far.index.bytes
        #expect(throws: PatchFailure.self) { try trip.apply([path]) }
        #expect(try trip.far.index.bytes == before)
        #expect(try trip.far.verify().faults == [])
    }

    /// A recipe that this regstatic doesn't have is refused before a byte is written.
    @Test func unknownRecipe() throws {
        var forged = try ForgedBundle(try bundle()[0])
        let text = String(decoding: try forged.content("bundle.json"), as: UTF8.self)
        let name = Recipe.standard.name
        forged.set("bundle.json", Array(text.replacing(name, with: "gzip-1-v99").utf8))
        let path = try trip.bag.write("forged.bundle", forged.bytes)
        let before = try trip.far.snapshot()
        #expect { try trip.apply([path]) } throws: { error in
            guard case BundleRefusal.recipes(["gzip-1-v99"]) = error else { return false }
            return true
        }
        #expect(
            Tree.differences(before, try trip.far.snapshot()).filter { !$0.hasPrefix(".regstatic") }
                == []
        )
    }
}

extension BuiltSite {
    /// The layers of each tagged image.
    fileprivate var layers: [String: [Digest]] {
        get throws {
            let site = try SiteFolder.forReading(path)
            let graph = try site.graph()
            var layers: [String: [Digest]] = [:]
            for entry in site.index.entries {
                guard
                    case .image(_, let list)? = graph.nodes[entry.manifest.digest]?.manifest.content
                else { continue }
                layers[entry.name] = list.map(\.digest)
            }
            return layers
        }
    }
}
