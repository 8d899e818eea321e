// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Patches
import TestSupport
import Testing

/// The bytes of patches: other programs read them, and bundles name their digests.
@Suite struct PatchFormatTests {
    /// Noise with edits of all kinds, many enough for all threads.
    private static func edited(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
        var (bytes, generator) = (bytes, Generator(seed: seed))
        for _ in 0..<Int.random(in: 0..<12, using: &generator) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0..<400, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(contentsOf: Generator.noise(end - start, seed: seed), at: start)
            case 2: bytes[start] ^= 1
            case 3: for index in stride(from: start, to: end, by: 7) { bytes[index] &+= 3 }
            default: bytes += bytes[start..<end]
            }
        }
        return bytes
    }

    @Test(arguments: 0..<60)
    func anyEditCanBeUndone(_ seed: Int) throws {
        var generator = Generator(seed: UInt64(seed))
        let size = Int.random(in: 0..<40_000, using: &generator)
        let base = seed % 2 == 0 ? Generator.text(size) : Generator.noise(size)
        let target = Self.edited(base, seed: UInt64(seed))
        for (one, other) in [(target, base), (base, target)] {
            let patch = try #require(try Patching.make(one, from: [other]))
            #expect(try Patching.apply(patch, to: [other]) == one)
        }
    }

    @Test func threadsDontMatter() throws {
        let members = (0..<200)
            .map { TarMember.file("file\($0)", Generator.text(2000 + $0 * 50, seed: UInt64($0))) }
        let large = TarMember.file("large", Patching.largeNoise)
        let base = TarBuilder.tar(members + [large])
        let changed = (members + [large])
            .map { member in
                TarMember.file(
                    member.name,
                    Self.edited(member.fileContent ?? [], seed: UInt64(member.name.utf8.count))
                )
            }
        let target = TarBuilder.tar(changed)
        let patch = try #require(try Patching.make(target, from: [base]))
        #expect(try Patching.apply(patch, to: [base]) == target)
        for threads in [2, 3, 5] {
            #expect(try Patching.make(target, from: [base], threads: threads) == patch)
        }
    }

    /// Operations of all kinds; libzstd may make other frames some day, but must read these.
    private static let golden = """
        7273706174636801029589c5a28cf418e2e2da21c7d74c6aea71f69a1a94f14b
        d20ad3179f305103559a05039058c6f2c0cb492c533b0a4d14ef77cc0f78abcc
        ced5287d84a1a2011cfb8103b19e47588f0f3d3b09b6a4cdeb6929a7afb3cd4a
        cdb9849af5f21c364c1de00a8f0511111428b52ffd200841000007960300a911
        002c28b52ffd2065450000100001010020054228b52ffd200b5900006c697465
        72616c73010203
        """

    @Test func theFormatDoesntChange() throws {
        let base = [UInt8](0..<255) + [UInt8](repeating: 5, count: 400)
        var target = base
        target[100] &+= 1
        target += Array("literals".utf8) + [1, 2, 3]
        let bases = [[1, 2, 3], base]
        let patch = try #require(try Patching.make(target, from: bases))
        #expect(Self.text(patch) == Self.golden)
        #expect(try Patching.apply(patch, to: bases) == target)
        let header = try PatchHeader(of: MemoryBytes(patch))
        #expect(header.target == .init(diffID: Digest(of: target), size: target.count))
        #expect(header.bases.map(\.size) == [3, base.count])
        #expect(header.bases.map(\.diffID) == [Digest(of: [1, 2, 3]), Digest(of: base)])
        #expect(header.patchSize == patch.count)
    }

    /// Hexadecimal, 32 bytes in a line.
    private static func text(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 32)
            .map { start in
                bytes[start..<min(start + 32, bytes.count)]
                    .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            }
            .joined(separator: "\n")
    }
}
