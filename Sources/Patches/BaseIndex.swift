// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch

/// The members of all bases, by name and by content.
struct BaseIndex {
    let files: [MappedFile]
    let maps: [TarMap]
    let items: [BaseItem]
    private let names: [[NameEntry]]
    private var contents: ContentTable

    init(_ files: [MappedFile]) {
        self.files = files
        maps = files.map { unsafe TarMap($0.bytes) }
        let items = maps.enumerated()
            .flatMap { base, map in map.members.map { BaseItem(base: base, member: $0) } }
        self.items = items
        names = (0..<NameKeys.count).map { kind in NameEntry.table(items, kind) }
        contents = ContentTable(items)
    }

    /// The item with the same path, and the most similar size.
    func samePath(_ member: TarMap.Member) -> Int? { find(member, NameKeys.path) }

    /// The item whose name is most alike, and which has content.
    func similar(_ member: TarMap.Member) -> Int? {
        for kind in 0..<NameKeys.count {
            if let item = find(member, kind), items[item].member.size > 0 { return item }
        }
        return nil
    }

    private func find(_ member: TarMap.Member, _ kind: Int) -> Int? {
        let wanted = NameEntry(key: member.name.hashes[kind], size: member.size, item: 0)
        let table = names[kind]
        let place = table.partitioningIndex { !($0 < wanted) }
        let near = [place - 1, place]
            .filter { table.indices.contains($0) && table[$0].key == wanted.key }
        return near.min { abs(table[$0].size - member.size) < abs(table[$1].size - member.size) }
            .map { Int(table[$0].item) }
    }

    /// The item with exactly this content.
    mutating func sameContent(_ content: UnsafeRawBufferPointer) -> Int? {
        let (items, files) = (items, files)
        return unsafe contents.find(content) { unsafe items[$0].content(in: files) }
    }

    func content(_ item: Int) -> UnsafeRawBufferPointer { unsafe items[item].content(in: files) }
}
