// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Patches
import TestSupport
import Testing

/// What a patch reads of its bases, found without them.
@Suite struct BaseReadsTests {
    private func reads(
        _ operations: [Int],
        target: Int,
        bases: [[UInt8]] = [[UInt8](repeating: 1, count: 100_000)],
        window: Int = 10
    ) throws -> [BaseReads] {
        var patch = HandMade(target: target, operations)
        patch.bases = bases
        let file = MemoryBytes(patch.bytes)
        let header = try PatchHeader(of: file)
        let reads = try BaseReads.all(of: file, header, window: window)
        return try #require(reads)
    }

    /// A distance as the format has it: twice the distance, or one less than twice for a negative one.
    private func distance(_ distance: Int) -> Int {
        distance >= 0 ? distance << 1 : -distance << 1 - 1
    }

    @Test func readsInOrderAreNeverLate() throws {
        let reads = try reads(
            [Op.copy(100), 0, Op.literal(9), Op.add(50), distance(1000)],
            target: 159
        )
        #expect(reads.map(\.end) == [1150])
        #expect(reads.map(\.late) == [[]])
    }

    /// The window has the last 10 bytes in front of the furthest byte that was read.
    @Test func readsInTheWindowAreNotLate() throws {
        let same = try reads([Op.copy(100), 0, Op.copy(10), distance(-10)], target: 110)
        #expect(same.map(\.late) == [[]])
        let before = try reads([Op.copy(100), 0, Op.copy(10), distance(-11)], target: 110)
        #expect(before.map(\.late) == [[89..<90]])
        #expect(before.map(\.end) == [100])
    }

    @Test func lateRangesAreSortedAndJoined() throws {
        let reads = try reads(
            [
                Op.copy(10), distance(90_000),
                // 50,000 to 50,100, then 20,000 to 20,010, then 50,050 to 50,200.
                Op.copy(100), distance(-40_010), Op.copy(10), distance(-30_100),
                Op.copy(150), distance(30_040),
            ],
            target: 270
        )
        #expect(reads.map(\.end) == [90_010])
        #expect(reads.map(\.late) == [[20_000..<20_010, 50_000..<50_200]])
        #expect(reads.map(\.lateSize) == [210])
    }

    @Test func basesAreApart() throws {
        let base = [UInt8](repeating: 1, count: 1000)
        let reads = try reads(
            [Op.base(2), Op.copy(10), distance(500), Op.base(0), Op.copy(20), 0],
            target: 30,
            bases: [base, base, base]
        )
        #expect(reads.map(\.end) == [20, 0, 510])
    }

    /// More ranges than are kept become one.
    @Test func manyRangesBecomeOne() throws {
        let count = BaseReads.maximumRanges + 2
        let bases = [[UInt8](repeating: 1, count: (count + 1) * 5000)]
        var operations = [Op.copy(1), distance(bases[0].count - 1)]
        operations += [Op.copy(1), distance(-bases[0].count)]
        for _ in 1..<count { operations += [Op.copy(1), distance(4999)] }
        let reads = try reads(operations, target: count + 1, bases: bases)
        #expect(reads.map(\.late) == [[0..<(count - 1) * 5000 + 1]])
    }

    @Test func readsOutsideABaseAreRefused() throws {
        #expect(throws: PatchError.damaged(.offset)) {
            try reads([Op.copy(2), distance(99_999)], target: 2)
        }
    }

    /// A patch with very many operations isn't read to its end in advance.
    @Test func manyOperations() throws {
        let count = BaseReads.maximumOperations
        func reads(_ count: Int) throws -> [BaseReads]? {
            var patch = HandMade(target: count, [])
            patch.compress = { _ in [] }
            let operations = [UInt8](repeating: UInt8(Op.literal(1)), count: count)
            let frames = [HandMade.zstd(operations), [], HandMade.zstd(operations)]
            let empty = patch.bytes
            let bytes = Array(empty.dropLast(3)) + frames.flatMap { HandMade.number($0.count) }
            let file = MemoryBytes(bytes + frames.joined())
            return try BaseReads.all(of: file, PatchHeader(of: file), window: 0)
        }
        #expect(try reads(count)?.map(\.end) == [0])
        #expect(try reads(count + 1) == nil)
    }
}
