// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch

/// An item in a table that is sorted by one of the hashes of names, and by size.
struct NameEntry: Comparable {
    let key: UInt32
    let size: Int
    let item: Int32

    init(key: UInt32, size: Int, item: Int32) {
        (self.key, self.size, self.item) = (key, size, item)
    }

    /// The items for one kind of name; those without content only for paths, because their headers
    /// are compared.
    static func table(_ items: [BaseItem], _ kind: Int) -> [NameEntry] {
        items.indices.filter { kind == NameKeys.path || items[$0].member.size > 0 }
            .map { index in
                let member = items[index].member
                let key = member.name.hashes[kind]
                return NameEntry(key: key, size: member.size, item: Int32(index))
            }
            .sorted()
    }

    static func < (left: NameEntry, right: NameEntry) -> Bool {
        (left.key, left.size, left.item) < (right.key, right.size, right.item)
    }
}

/// The items with content, sorted by size.
///
/// Contents are hashed when one of their size is looked up for the first time, because most files of
/// an old layer are never looked up: the file with the same path is the same one.
struct ContentTable {
    private struct Entry {
        let size: Int
        let item: Int
        var hash: UInt64 = 0
    }

    private var entries: [Entry]
    /// The first entries of sizes whose contents are hashed; these are sorted by hash.
    private var hashed: Set<Int> = []

    init(_ items: [BaseItem]) {
        entries = items.indices.filter { items[$0].member.size > 0 }
            .map { Entry(size: items[$0].member.size, item: $0) }
            .sorted { ($0.size, $0.item) < ($1.size, $1.item) }
    }

    /// The first item with exactly this content.
    mutating func find(
        _ content: UnsafeRawBufferPointer,
        in bytes: (Int) -> UnsafeRawBufferPointer
    ) -> Int? {
        let start = entries.partitioningIndex { $0.size >= content.count }
        guard start < entries.count, entries[start].size == content.count else { return nil }
        let end = entries.partitioningIndex { $0.size > content.count }
        if hashed.insert(start).inserted {
            for index in start..<end {
                entries[index].hash = unsafe bytes(entries[index].item).hash
            }
            entries[start..<end].sort { ($0.hash, $0.item) < ($1.hash, $1.item) }
        }
        let hash = unsafe content.hash
        let first = entries[start..<end].partitioningIndex { $0.hash >= hash }
        guard first < end, entries[first].hash == hash,
            unsafe bytes(entries[first].item).equals(content)
        else { return nil }
        return entries[first].item
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first place for which a condition holds, if it holds for all places after it.
    func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension UnsafeRawBufferPointer {
    var hash: UInt64 { unsafe baseAddress.map { unsafe rs_hash($0, UInt64(count)) } ?? 0 }

    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let one = baseAddress, let two = other.baseAddress else { return true }
        return unsafe rs_equal(one, two, UInt64(count)) == UInt64(count)
    }
}
