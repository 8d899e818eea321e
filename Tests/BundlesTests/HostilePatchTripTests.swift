// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import Compression
import Inputs
import OCI
import Patches
import Site
import SiteModel
import SiteTestSupport
import Synchronization
import TestSupport
import Testing

/// Damaged bases and forged patches.
@Suite struct HostilePatchTripTests {
    private let patched: PatchTrip
    private var trip: Trip { patched.trip }

    init() throws { patched = try PatchTrip() }

    private func bundle() throws -> [String] { try patched.bundle() }

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

    /// A base with other content, whose own checksum and sizes are right, is found by the result.
    @Test func otherBase() throws {
        let path = try bundle()[0]
        let layer = try #require(try trip.far.layers["app:0"]?.last)
        let size = try trip.far.folder.read("site/\(layer.blobPath)").count
        try trip.far.folder.write("site/\(layer.blobPath)", otherLayer(size: size))
        let before = try trip.far.index.bytes
        #expect(throws: PatchFailure.base(layer)) { try trip.apply([path]) }
        #expect(try trip.far.index.bytes == before)
    }

    /// A compressed layer of this size; the raw layer is as large as the base.
    private func otherLayer(size: Int) throws -> [UInt8] {
        let noise = Generator.noise(2_500_000, seed: 2).map { $0 & 7 }
        let image = SyntheticImage(layers: [TarBuilder.tar([.file("data", noise)])])
        let inputs = try TemporaryFolder()
        let site = try BuiltSite()
        try site.build([
            inputs.write("other.tar", TarBuilder.tar(image.dockerArchive(["app:1"])))
        ])
        let layer = try #require(try site.layers["app:1"]?.last)
        var bytes = try site.folder.read("site/\(layer.blobPath)")
        // A name in the header of gzip fills it up.
        bytes[3] = 8
        let name = [UInt8](repeating: 120, count: size - bytes.count - 1) + [0]
        bytes.insert(contentsOf: name, at: 10)
        return bytes
    }

    /// A layer at home that isn't as the config says is no base.
    @Test(arguments: [false, true]) func damagedBaseAtHome(isRecorded: Bool) throws {
        let cache = isRecorded ? patched.cache : nil
        #expect(try document { $0.cache = cache }.patches.count == 1)
        let layer = try #require(try trip.home.layers["app:0"]?.last)
        var bytes = try trip.home.folder.read("site/\(layer.blobPath)")
        // The name of the system in the header of gzip, which no checksum covers.
        bytes[9] ^= 1
        try trip.home.folder.write("site/\(layer.blobPath)", bytes)
        // The raw layer is still right; only with a record, all depends on the blob.
        let patches = try document { $0.cache = cache }.patches
        #expect(patches.count == (isRecorded ? 0 : 1))
        bytes[bytes.count / 2] ^= 1
        try trip.home.folder.write("site/\(layer.blobPath)", bytes)
        #expect(try document { $0.cache = cache }.patches.isEmpty)
    }

    private func document(
        _ change: (inout BundleCreation.Options) -> Void
    ) throws -> BundleDocument {
        try trip.draft(have: [trip.inventory()]) { options in
            options.makesPatches = true
            change(&options)
        }
        .draft.document
    }

    /// A patch whose result is much larger than the layer ends soon after the size of the layer.
    @Test func tooLargeResult() throws {
        let path = try bundle()[0]
        var forged = try ForgedBundle(path)
        let old = try #require(try BundleFiles([path]).document.patches.first)
        let target = TarBuilder.tar([.file("data", Generator.noise(20_000_000))])
        let patch = try patch(target, from: patched.layers[0])
        let digest = Digest(of: patch)
        forged.members = forged.members.without(old.patch.digest.blobPath)
        forged.members.append(.file(digest.blobPath, patch))
        try forged.change("patches") { patches in
            [
                patches[0].setting("diffID", to: .string("\(Digest(of: target))"))
                    .setting("rawSize", to: .integer(target.count))
                    .setting(
                        "patch",
                        to: .array([.string("\(digest)"), .integer(patch.count)])
                    )
            ]
        }
        let forgery = try trip.bag.write("forged.bundle", forged.bytes)
        let progress = CountingProgress()
        #expect(
            throws: PatchFailure.tooLarge(old.layer.digest, limit: old.layer.size)
        ) { try trip.apply([forgery], progress: progress) }
        #expect(progress.count < patch.count + target.count / 2)
        #expect(try trip.far.verify().faults == [])
    }

    /// A patch of bytes in memory.
    private func patch(_ target: [UInt8], from base: [UInt8]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        func layer(_ name: String, _ bytes: [UInt8]) throws -> PatchEncoder.Layer {
            let file = try MappedFile(path: folder.write(name, bytes))
            return PatchEncoder.Layer(diffID: Digest(of: bytes), file: file)
        }
        let encoder = PatchEncoder(
            target: try layer("target", target),
            bases: [try layer("base", base)],
            threads: 2
        )
        var patch: [UInt8] = []
        _ = try encoder.make(limit: .max) { patch += $0 }
        return patch
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

/// Counts the bytes that were processed.
private final class CountingProgress: Progress {
    private let total = Atomic(0)
    var count: Int { total.load(ordering: .relaxed) }

    func advance(_ bytes: Int) { total.add(bytes, ordering: .relaxed) }
    func expect(_ bytes: Int) {}
}
