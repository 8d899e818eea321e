// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch

/// A part of a changed file, and the old file that it is compared with.
struct WalkJob {
    /// The part in the target.
    let target: Range<Int>
    let base: Int
    /// The whole old file in the base.
    let range: Range<Int>
    /// The place of the part in its file, which is where the walk begins in the old file.
    let shift: Int

    /// Finds the matches; their places are relative to the two ranges.
    func run(_ target: MappedFile, _ bases: [MappedFile], seeds: SeedTable) -> [rs_match] {
        let bits = rs_near_bits(UInt64(range.count))
        let near = UnsafeMutablePointer<UInt32>.allocate(capacity: 1 << Int(bits))
        defer { unsafe near.deallocate() }
        return unsafe withUnsafePointer(to: seeds.table) { table in
            var walk = unsafe rs_walk()
            unsafe walk.target = target.bytes.pointer(at: self.target.lowerBound)
            unsafe walk.target_size = UInt64(self.target.count)
            unsafe walk.base = bases[base].bytes.pointer(at: range.lowerBound)
            unsafe walk.base_size = UInt64(range.count)
            unsafe walk.seeds = table
            unsafe walk.near = near
            unsafe walk.near_bits = bits
            unsafe walk.shift = Int64(shift)
            return unsafe Self.matches(&walk)
        }
    }

    private static func matches(_ walk: inout rs_walk) -> [rs_match] {
        unsafe rs_walk_begin(&walk)
        var matches: [rs_match] = []
        let capacity = 512
        unsafe withUnsafeTemporaryAllocation(of: rs_match.self, capacity: capacity) { buffer in
            while true {
                let count = unsafe rs_walk_next(&walk, buffer.baseAddress, capacity)
                guard count > 0 else { break }
                unsafe matches.append(contentsOf: buffer.prefix(count))
            }
        }
        return matches
    }
}

/// The places of 32 equal bytes in an old file.
@safe final class SeedTable: Sendable {
    nonisolated(unsafe) let table: rs_seeds

    /// The memory that the table for a file of some size takes, in bytes.
    static func memory(for size: Int) -> Int {
        var table = unsafe rs_seeds()
        unsafe rs_seeds_plan(&table, UInt64(size))
        return unsafe MemoryLayout<UInt32>.stride << Int(table.bits)
    }

    init(_ base: MappedFile, _ range: Range<Int>) {
        var table = unsafe rs_seeds()
        unsafe rs_seeds_plan(&table, UInt64(range.count))
        unsafe table.slots = .allocate(capacity: 1 << Int(table.bits))
        unsafe rs_seeds_build(
            &table,
            base.bytes.pointer(at: range.lowerBound),
            UInt64(range.count)
        )
        unsafe self.table = table
    }

    deinit { unsafe table.slots.deallocate() }
}
