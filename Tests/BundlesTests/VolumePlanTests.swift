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

/// The distribution of content over volumes.
@Suite struct VolumePlanTests {
    private static let block = 512

    /// The size of a member in a tar.
    private static func size(_ content: Int) -> Int {
        block + (content + block - 1) / block * block
    }

    private static func contents(_ sizes: [Int]) -> [BundleDocument.Content] {
        sizes.enumerated()
            .map { number, size in
                BundleDocument.Content(digest: Digest(of: Array("\(number)".utf8)), size: size)
            }
    }

    /// Sizes near the limits of blocks, small pieces and pieces, and any others.
    private static func size(_ generator: inout Generator) -> Int {
        let edges = [0, 1, 511, 512, 513, 1 << 20, (1 << 20) + 1, 64 << 20, (64 << 20) + 1]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return edges.randomElement(using: &generator) ?? 0
        case 1: return Int.random(in: 0...(200 << 20), using: &generator)
        default: return Int.random(in: 0...(3 << 20), using: &generator)
        }
    }

    @Test(arguments: 0..<300) func anyContents(_ seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let count = Int.random(in: 0..<40, using: &generator)
        let contents = Self.contents((0..<count).map { _ in Self.size(&generator) })
        let overhead = Int.random(in: 0..<200, using: &generator) * Self.block
        let least = overhead + 2 * Self.block + Self.size(1 << 20)
        let limit = least + Int.random(in: 0...(80 << 20), using: &generator)
        let plan = try VolumePlan(contents, limit: limit, overhead: overhead)
        for volume in plan.volumes {
            let size = volume.reduce(overhead + 2 * Self.block) { $0 + Self.size($1.size) }
            #expect(size <= limit)
            #expect(!volume.isEmpty || contents.isEmpty)
        }
        let parts = plan.volumes.joined()
        #expect(parts.count <= VolumePlan.maximumParts(of: contents, limit: limit))
        // The parts of a content are together, in order, and complete.
        var rest = Array(parts)[...]
        for content in contents {
            let own = rest.prefix { $0.content == content.digest }
            rest = rest.dropFirst(own.count)
            #expect(own.reduce(0) { $0 + $1.size } == content.size)
            let numbers = own.map(\.piece)
            #expect(numbers == [nil] || numbers == own.indices.map { $0 - own.startIndex })
            #expect(own.count == 1 || content.size > 1 << 20)
            #expect(own.allSatisfy { $0.piece == nil || $0.size <= BundleDocument.pieceSize })
        }
        #expect(rest.isEmpty)
    }

    @Test func tooSmall() throws {
        let contents = Self.contents([100])
        let least = 5000 + 2 * Self.block + Self.size(1 << 20)
        #expect(throws: VolumeError.tooSmall(minimum: least)) {
            try VolumePlan(contents, limit: least - 1, overhead: 5000)
        }
        #expect(throws: VolumeError.tooSmall(minimum: least)) {
            try VolumePlan(contents, limit: .min + 10_000, overhead: 5000)
        }
        #expect(try VolumePlan(contents, limit: least, overhead: 5000).volumes.count == 1)
    }

    @Test func tooMany() throws {
        let contents = Self.contents([BundleDocument.maximumVolumes << 20, 2 << 20])
        let limit = 2 * Self.block + Self.size(1 << 20)
        let error = #expect(throws: VolumeError.self) {
            try VolumePlan(contents, limit: limit, overhead: 0)
        }
        #expect(error == .tooMany(BundleDocument.maximumVolumes + 2))
    }

    /// The files on the disk keep the limit, too, and have the sizes that the draft says.
    @Test(arguments: 0..<6) func files(_ seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let layers = (0..<Int.random(in: 1..<6, using: &generator))
            .map { number in
                let size = Int.random(in: 0..<(4 << 20), using: &generator)
                return TarBuilder.tar([
                    .file("\(number)", Generator.noise(size, seed: generator.next()))
                ])
            }
        let home = try BuiltSite()
        let image = SyntheticImage(layers: layers)
        try home.build([try home.archive("image.tar", image.dockerArchive())])
        let limit = Int.random(in: 1_100_000..<5_000_000, using: &generator)
        let trip = try Trip(home: home, far: BuiltSite())
        let (creation, draft) = try trip.draft(have: []) { $0.volumeSize = limit }
        let path = trip.bag["trip.bundle"]
        let files = try creation.write(draft, to: path, signature: nil, progress: NoProgress())
        let sizes = try files.map { try Tree.contents($0).count }
        #expect(sizes == draft.sizes)
        #expect(sizes.allSatisfy { $0 <= limit })
        for file in files.shuffled(using: &generator) { try trip.apply([file]) }
        try expectSame(home, trip.far)
    }

    /// A signature of the expected size fits into each volume.
    @Test func signature() throws {
        let trip = try Trip.versions(newBytes: 5_000_000)
        let limit = 1_200_000
        let (creation, draft) = try trip.draft(have: []) { $0.volumeSize = limit }
        let files = try creation.write(
            draft,
            to: trip.bag["trip.bundle"],
            signature: Generator.noise(3000),
            progress: NoProgress()
        )
        #expect(files.count > 3)
        for file in files { #expect(try Tree.contents(file).count <= limit) }
    }
}
