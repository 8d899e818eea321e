// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Patches
import TestSupport
import Testing

/// Patches that break their format, each in one way.
@Suite struct HostilePatchTests {
    /// 100 bytes of the base, 3 of them with differences, and 5 literals.
    private static let good = HandMade(
        target: 108,
        [Op.copy(100), 0, Op.add(3), 0, Op.literal(5)]
    )
    .with {
        $0.differences = [1, 255, 0]
        $0.literals = Array("abcde".utf8)
    }

    @Test func theGoodPatchIsGood() throws {
        let expected = [UInt8](0..<100) + [101, 100, 102] + Array("abcde".utf8)
        #expect(try Self.good.apply() == expected)
    }

    @Test func otherFilesAreNoPatches() {
        #expect(Self.good.with { $0.magic[0] ^= 1 }.error == .notAPatch)
        #expect(Self.good.with { $0.magic[7] = 2 }.error == .unknownVersion(2))
        #expect(throws: PatchError.notAPatch) {
            try Patching.apply(Generator.noise(300), to: [[]])
        }
    }

    @Test func everyCutIsNoticed() {
        let bytes = Self.good.bytes
        for length in bytes.indices {
            #expect(throws: PatchError.damaged(.truncated), "\(length)") {
                try Patching.apply(Array(bytes[..<length]), to: Self.good.bases)
            }
        }
    }

    @Test func bytesAfterTheEndAreRefused() {
        let trailing = PatchError.damaged(.trailing)
        #expect(Self.good.with { $0.trailing = [0] }.error == trailing)
        #expect(Self.good.with { $0.literals += [1] }.error == trailing)
        #expect(Self.good.with { $0.differences += [1] }.error == trailing)
        #expect(Self.good.with { $0.operations += [Op.literal(1)] }.error == trailing)
        let twoFrames = Self.good.with {
            $0.compress = { $0.isEmpty ? [] : HandMade.zstd($0) + HandMade.zstd([1]) }
        }
        #expect(twoFrames.error == trailing)
        #expect(Self.good.with { $0.compress = { HandMade.zstd($0) + [0] } }.error == trailing)
    }

    @Test func missingBytesAreNoticed() {
        let truncated = PatchError.damaged(.truncated)
        #expect(Self.good.with { $0.literals.removeLast() }.error == truncated)
        #expect(Self.good.with { $0.literals = [] }.error == truncated)
        #expect(Self.good.with { $0.differences.removeLast() }.error == truncated)
        #expect(Self.good.with { $0.operations.removeLast() }.error == truncated)
        #expect(Self.good.with { $0.operations = [] }.error == truncated)
        #expect(Self.good.with { $0.target += 1 }.error == truncated)
    }

    @Test(arguments: [Op.literal(0), Op.copy(0), Op.add(0), Op.literal(109), Op.copy(109)])
    func lengthsFitTheTarget(_ operation: Int) {
        #expect(Self.good.with { $0.operations[0] = operation }.error == .damaged(.length))
    }

    /// The base has 200 bytes; distances are even for forward, odd for backward.
    @Test(arguments: [(100, 101), (100, 1), (1, 200), (100, 1 << 62), (100, 1 << 62 | 1)])
    func offsetsAreInTheBase(_ length: Int, _ distance: Int) {
        let code = distance > 1000 || distance == 1 ? distance : distance << 1
        let patch = HandMade(target: length, [Op.copy(length), code])
        #expect(patch.error == .damaged(.offset))
    }

    @Test func theLastByteOfABaseIsInIt() throws {
        let patch = HandMade(target: 101, [Op.copy(100), 200, Op.copy(1), 399])
        #expect(try patch.apply() == [UInt8](100..<200) + [0])
    }

    /// Distances that add up to more than an integer holds.
    @Test func distancesDontOverflow() {
        let large = HandMade(target: 2, [Op.copy(1), 0, Op.copy(1), Int.max - 1])
        #expect(large.error == .damaged(.offset))
        #expect(large.with { $0.operations[3] = .max }.error == .damaged(.offset))
    }

    @Test func basesAreSwitchedInOneWay() throws {
        let two = HandMade(target: 2, [Op.copy(1), 2, Op.base(1), Op.copy(1), 4])
            .with { $0.bases.append([9, 8, 7]) }
        #expect(try two.apply() == [1, 7])
        let damaged = PatchError.damaged(.base)
        #expect(two.with { $0.operations[2] = Op.base(2) }.error == damaged)
        #expect(two.with { $0.operations[2] = Op.base(0) }.error == damaged)
        #expect(two.with { $0.operations[3] = Op.base(0) }.error == damaged)
        #expect(two.with { $0.operations[3] = Op.literal(1) }.error == damaged)
    }

    @Test func basesHaveTheirSizes() {
        let bytes = Self.good.bytes
        for size in [0, 199, 201] {
            #expect(throws: PatchError.wrongBase(0, size: size, expected: 200)) {
                try Patching.apply(bytes, to: [[UInt8](repeating: 0, count: size)])
            }
        }
        #expect(throws: PatchError.wrongBase(0, size: 0, expected: 200)) {
            try Patching.apply(bytes, to: [])
        }
    }

    @Test func countsAndSizesHaveLimits() {
        let maximum = PatchHeader.maximumBases
        let many = Self.good.with { $0.bases = Array(repeating: $0.bases[0], count: maximum) }
        #expect(many.error == nil)
        let more = many.with { $0.bases.append([]) }
        #expect(more.error == .limit(.bases, maximum: maximum))
        #expect(Self.good.with { $0.bases = [] }.error == .damaged(.base))
        let large = Self.good.with { $0.target = PatchHeader.maximumSize + 1 }
        #expect(large.error == .limit(.size, maximum: PatchHeader.maximumSize))
    }

    /// A huge target costs only what the patch really has.
    @Test func aBombEndsWithItsOperations() {
        let bomb = Self.good.with { $0.target = PatchHeader.maximumSize }
        #expect(bomb.error == .damaged(.truncated))
    }

    @Test func numbersHaveOneForm() {
        var bytes = HandMade(target: 1, [Op.copy(1), 0]).bytes
        // The number of bases, 1, in two bytes.
        bytes.replaceSubrange(8..<9, with: [0x81, 0x00])
        #expect(throws: PatchError.damaged(.number)) { try Patching.apply(bytes, to: [[1]]) }
        bytes.replaceSubrange(8..<10, with: [UInt8](repeating: 0xFF, count: 9) + [1])
        #expect(throws: PatchError.damaged(.number)) { try Patching.apply(bytes, to: [[1]]) }
    }

    @Test func streamsAreFramesWithSmallWindows() {
        let text = Generator.text(100)
        let patch = HandMade(target: 100, [Op.literal(100)]).with { $0.literals = text }
        #expect(patch.with { $0.compress = { HandMade.zstd($0, windowLog: 24) } }.error == nil)
        for compress in [
            { HandMade.zstd($0, windowLog: 25) }, { $0 },
            // A skippable frame.
            { [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0] + HandMade.zstd($0) },
        ] as [@Sendable ([UInt8]) -> [UInt8]] {
            let error = patch.with { $0.compress = { $0.isEmpty ? [] : compress($0) } }.error
            guard case .damaged(.zstd) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    /// Each byte of a patch, changed: the decoder ends with the target's size or an error.
    @Test func noChangedByteIsTrusted() throws {
        let base = Generator.text(5000)
        var target = base
        target.replaceSubrange(100..<110, with: Generator.noise(40))
        target[3000] ^= 255
        let patch = try #require(try Patching.make(target, from: [base]))
        for index in patch.indices {
            for bit in [1, 0x10, 0x80] as [UInt8] {
                var bytes = patch
                bytes[index] ^= bit
                guard let made = try? Patching.apply(bytes, to: [base]) else { continue }
                // Bytes of a stream, or a digest of the header.
                #expect(made.count == target.count)
            }
        }
    }
}
