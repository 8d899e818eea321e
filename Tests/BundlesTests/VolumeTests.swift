// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import OCI
import Site
import SiteModel
import SiteTestSupport
import Store
import TestSupport
import Testing

/// Volumes that arrive in any order, one at a time, damaged, or not at all.
@Suite struct VolumeTests {
    let trip: Trip
    let volumes: [String]

    private static let inputs = Result { try Trip.Inputs(newBytes: 4_500_000) }

    init() throws {
        trip = try Trip.versions(Self.inputs.get())
        volumes = try trip.bundle(volumes: 1_150_000)
        #expect(volumes.count > 3)
    }

    private func expectComplete(_ outcome: BundleApplication.Outcome) throws {
        #expect(outcome.isComplete)
        try expectSame(trip.home, trip.far)
        #expect(try trip.far.verify().faults == [])
        #expect(try trip.far.unreferenced == [])
    }

    /// Changes one byte in the middle of a file.
    private func flip(_ path: String, in folder: TemporaryFolder) throws {
        let name = String(path.dropFirst(folder.path.count + 1))
        var bytes = try folder.read(name)
        bytes[bytes.count / 2] ^= 1
        try folder.write(name, bytes)
    }

    @Test(arguments: 0..<6) func anyOrder(_ seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let order = volumes.indices.shuffled(using: &generator)
        let before = try trip.far.index
        var rest = Set(volumes.indices)
        for volume in order.dropLast() {
            let outcome = try trip.apply([volumes[volume]])
            rest.remove(volume)
            #expect(outcome.waiting == rest.sorted())
            #expect(outcome.damaged.isEmpty)
            // The site is the old one, and it can be used.
            #expect(try trip.far.index.bytes == before.bytes)
            #expect(try trip.far.verify().faults == [])
        }
        try expectComplete(try trip.apply([volumes[order[order.count - 1]]]))
    }

    @Test func someTogetherAndSomeTwice() throws {
        let outcome = try trip.apply([volumes[2], volumes[0], volumes[2]])
        #expect(outcome.waiting == volumes.indices.filter { $0 != 0 && $0 != 2 })
        #expect(try trip.apply([volumes[0]]).waiting == outcome.waiting)
        try expectComplete(try trip.apply(Array(volumes.dropFirst())))
        // Any volume says that everything is there.
        try expectComplete(try trip.apply([volumes[1]]))
    }

    @Test func allBesideTheName() throws {
        #expect(BundleFiles.paths(trip.bag["trip.bundle"]) == volumes)
        #expect(BundleFiles.paths(trip.bag["none"]) == [trip.bag["none"]])
        #expect(try BundleFiles(volumes).receiptPath == trip.bag["trip.bundle.receipt.json"])
        #expect(try BundleFiles([volumes[3]]).receiptPath == trip.bag["trip.bundle.receipt.json"])
    }

    /// A renamed volume isn't known by its name.
    @Test func renamed() throws {
        for (number, path) in volumes.reversed().enumerated() {
            try trip.bag.write("\(number)", Tree.contents(path))
        }
        let paths = volumes.indices.map { trip.bag["\($0)"] }
        #expect(try BundleFiles(paths).receiptPath == "\(paths[paths.count - 1]).receipt.json")
        try expectComplete(try trip.apply(paths))
    }

    @Test func damagedPart() throws {
        let good = try Tree.contents(volumes[1])
        try flip(volumes[1], in: trip.bag)
        let report = try trip.check(volumes)
        #expect(report.damaged.map(\.path) == [volumes[1]])
        let outcome = try trip.apply(volumes)
        #expect(outcome.damaged.map(\.path) == [volumes[1]])
        let part = try #require(outcome.damaged.first?.part)
        #expect(part.piece != nil)
        #expect(outcome.waiting == [1])
        #expect(try trip.far.verify().faults == [])
        try trip.bag.write("good", good)
        try expectComplete(try trip.apply([trip.bag["good"]]))
    }

    /// A piece that was damaged between two runs is found and copied again.
    @Test(arguments: [false, true]) func damagedPieceInTheStore(_ isAtHand: Bool) throws {
        try trip.apply(Array(volumes.dropLast()))
        let document = try BundleFiles(volumes).document
        let piece = try #require(document.volumes[1].parts.first { $0.piece != nil })
        try flip(trip.far.folder["site/\(piece.digest.blobPath)"], in: trip.far.folder)
        let last = volumes.count - 1
        let outcome = try trip.apply(isAtHand ? [volumes[1], volumes[last]] : [volumes[last]])
        if !isAtHand {
            #expect(outcome.waiting == [1])
            #expect(try trip.far.verify().faults == [])
        }
        try expectComplete(isAtHand ? outcome : try trip.apply([volumes[1]]))
    }

    /// A whole part that a damaged disk lost is copied again.
    @Test func missingPieceInTheStore() throws {
        try trip.apply(Array(volumes.dropLast()))
        let document = try BundleFiles(volumes).document
        let piece = try #require(document.volumes[2].parts.first)
        try trip.far.folder.remove("site/\(piece.digest.blobPath)")
        #expect(try trip.apply([volumes[volumes.count - 1]]).waiting == [2])
        try expectComplete(try trip.apply([volumes[2]]))
    }

    @Test func otherBundle() throws {
        let other = try Trip.versions(newBytes: 2_000_000)
        let others = try other.bundle(volumes: 1_150_000)
        let failure = #expect(throws: BundleFailure.self) {
            try trip.apply([volumes[0], others[1]])
        }
        #expect(failure?.cause as? BundleError == .otherBundle(volumes[0]))
        #expect(failure?.path == others[1])
    }

    /// The documents of one volume with the parts of another one, or of two volumes.
    @Test func partsOfAnotherVolume() throws {
        var forged = try ForgedBundle(volumes[0])
        let other = try ForgedBundle(volumes[1])
        let documents = forged.members.filter { !$0.name.hasPrefix("blobs/") }
        let parts = other.members.filter { $0.name.hasPrefix("blobs/") }
        forged.members += parts
        let both = try trip.bag.write("both", forged.bytes)
        #expect(throws: BundleFailure.self) { try trip.apply([both]) }
        forged.members = documents + parts.dropLast()
        let cut = try trip.bag.write("cut", forged.bytes)
        #expect(throws: BundleFailure.self) { try trip.apply([cut]) }
        // This is volume 2 under another name.
        forged.members = documents + parts
        let second = try trip.bag.write("second", forged.bytes)
        #expect(try trip.apply([second]).waiting == volumes.indices.filter { $0 != 1 })
    }

    /// Pieces with the right digests that don't make the blob.
    @Test func piecesInAnotherOrder() throws {
        let piece = JSON.integer(0)
        let paths = try volumes.enumerated()
            .map { number, path in
                var forged = try ForgedBundle(path)
                try forged.change("volumes") { volumes in
                    let pieces = volumes.flatMap { $0.array ?? [] }
                        .filter { $0["piece"] != nil }
                    let first = pieces.first { $0["piece"] == piece } ?? .null
                    let name = first["content"]
                    return volumes.map { volume in
                        .array(
                            (volume.array ?? [])
                                .map { part in
                                    guard part["content"] == name else { return part }
                                    return part.setting("digest", to: first["digest"])
                                        .setting("bytes", to: part["bytes"])
                                }
                        )
                    }
                }
                return try trip.bag.write("forged.\(number)", forged.bytes)
            }
        let before = try trip.far.index
        let outcome = try? trip.apply(paths)
        #expect(outcome?.isComplete != true)
        #expect(try trip.far.index.bytes == before.bytes)
        #expect(try trip.far.verify().faults == [])
    }

    /// A blob whose digest differs, made of pieces that are as bundle.json lists them.
    @Test func wrongBlobOfRightPieces() throws {
        let digest = Digest(of: [1])
        let document = try BundleFiles(volumes).document
        let content = try #require(document.volumes[1].parts.first { $0.piece != nil }).content
        let paths = try volumes.enumerated()
            .map { number, path in
                var forged = try ForgedBundle(path)
                let text = String(decoding: try forged.content("bundle.json"), as: UTF8.self)
                forged.set("bundle.json", Array(text.replacing(content.hex, with: digest.hex).utf8))
                forged.members = forged.members.map { member in
                    member.with { $0.name = $0.name.replacing(content.hex, with: digest.hex) }
                }
                return try trip.bag.write("forged.\(number)", forged.bytes)
            }
        let before = try trip.far.index
        let failure = #expect(throws: BundleFailure.self) { try trip.apply(paths) }
        let expected = BundleError.content(
            member: digest.blobPath,
            expected: digest,
            found: content
        )
        #expect(failure?.cause as? BundleError == expected)
        #expect(try trip.far.index.bytes == before.bytes)
        #expect(try trip.far.verify().faults == [])
    }

    /// A run that ended after some blobs goes on where it ended.
    @Test func contentFromAnInterruptedRun() throws {
        let trip = try Trip.versions(newBytes: 100_000)
        let paths = try trip.bundle()
        let document = try BundleFiles(paths).document
        for content in document.carries.dropFirst() {
            let bytes = try trip.home.folder.read("site/\(content.digest.blobPath)")
            try trip.far.folder.write("site/\(content.digest.blobPath)", bytes)
        }
        try trip.far.folder.write("site/.regstatic/tmp/1", "the rest of a killed run")
        let outcome = try trip.apply(paths)
        #expect(outcome.changes.count == 2)
        try expectSame(trip.home, trip.far)
        #expect(!trip.far.folder.exists("site/.regstatic/tmp/1"))
    }

    /// Equal pieces are one blob in the store.
    @Test func equalPieces() throws {
        let layer = TarBuilder.tar([.file("zeros", [UInt8](repeating: 0, count: 4 << 20))])
        let image = SyntheticImage(layers: [layer])
        let members =
            image.layoutBlobs() + [
                SyntheticImage.index([(image.ociManifest(), .ociManifest, "zero:1")]),
                SyntheticImage.layoutMark,
            ]
        let home = try BuiltSite()
        try home.build([try home.archive("zero.tar", members)])
        let trip = try Trip(home: home, far: BuiltSite())
        let paths = try trip.bundle(have: []) { $0.volumeSize = 1_150_000 }
        #expect(paths.count > 3)
        let parts = try BundleFiles(paths).document.volumes.flatMap(\.parts)
        #expect(Set(parts.map(\.digest)).count < parts.count)
        for path in paths { try trip.apply([path]) }
        try expectSame(home, trip.far)
    }
}
