// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What a patch reads of one base.
///
/// A base that is decompressed while the patch is applied passes by only once, and its last bytes, the
/// window, stay in memory. So the reads before the window must be known in advance.
package struct BaseReads: Hashable, Sendable {
    /// The end of the last bytes that are read; 0 if the patch doesn't need the base.
    package private(set) var end = 0
    /// The ranges that are read again, or for the first time, when the window is behind them; sorted,
    /// and separated by other bytes.
    package private(set) var late: [Range<Int>] = []

    /// The number of bytes in late ranges.
    package var lateSize: Int { late.reduce(0) { $0 + $1.count } }

    /// The largest number of ranges that are kept; if there are more, the bytes between them count as
    /// read, too.
    package static let maximumRanges = 1 << 14
    /// The largest number of operations that are looked at.
    ///
    /// Patches of layers have some hundred thousand. A look at very many of them before the first one is
    /// used could take hours.
    package static let maximumOperations = 1 << 22
    /// Ranges with fewer bytes between them become one.
    private static let gap = 4 << 10

    /// Finds the reads of a patch in each of its bases.
    ///
    /// - Parameters:
    ///   - patch: the bytes of the patch.
    ///   - header: its header.
    ///   - window: the number of bytes before the furthest byte that was read that can be read again.
    /// - Returns: the reads of each base, in the order of the header; nil if the patch has more than
    ///   `maximumOperations`.
    /// - Throws: `PatchError`.
    package static func all(
        of patch: any RandomAccess,
        _ header: PatchHeader,
        window: Int
    ) throws(PatchError) -> [BaseReads]? {
        var reads = header.bases.map { _ in BaseReads() }
        let operations = try OperationSequence(patch, header)
        var count = 0
        while let step = try operations.next() {
            count += 1
            guard count <= maximumOperations else { return nil }
            guard step.kind != Operation.literal else { continue }
            let range = step.offset..<step.offset + step.length
            reads[step.base].add(range, window: window)
        }
        for index in reads.indices { reads[index].merge() }
        return reads
    }

    private mutating func add(_ range: Range<Int>, window: Int) {
        let passed = min(range.upperBound, end - window)
        if range.lowerBound < passed {
            late.append(range.lowerBound..<passed)
            if late.count >= 2 * Self.maximumRanges { merge() }
        }
        end = max(end, range.upperBound)
    }

    private mutating func merge() {
        let sorted = late.sorted { $0.lowerBound < $1.lowerBound }
        late = []
        for range in sorted {
            if let last = late.last, range.lowerBound - last.upperBound < Self.gap {
                let end = max(last.upperBound, range.upperBound)
                late[late.count - 1] = last.lowerBound..<end
            } else {
                late.append(range)
            }
        }
        if late.count > Self.maximumRanges, let first = late.first, let last = late.last {
            late = [first.lowerBound..<last.upperBound]
        }
    }
}
