// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch

/// What each part of the target is made from, in order.
struct PatchPlan {
    enum Step {
        /// Bytes that no base has.
        case literal(Int)
        /// The same bytes, at an offset of a base.
        case copy(base: Int, offset: Int, length: Int)
        /// Nearly the same bytes at an offset of a base.
        case match(base: Int, offset: Int, length: Int)
        /// A part of a changed file, for a walk: the number of the job.
        case walk(Int)
    }

    private(set) var steps: [Step] = []
    private(set) var jobs: [WalkJob] = []
    private let target: MappedFile
    private var index: BaseIndex
    /// The item that the last member of the target was made from.
    private var last: Int?

    /// A larger file is walked in several parts, so that threads share it and the matches of a part
    /// have a limit.
    private static let partSize = 16 << 20
    /// A longer tail is probably no tail, but a tar with members that the map doesn't know.
    private static let longestTail = 64 << 10

    init(_ target: MappedFile, _ bases: [MappedFile]) {
        self.target = target
        index = BaseIndex(bases)
        let map = unsafe TarMap(target.bytes)
        for member in map.members {
            let same = index.samePath(member)
            addHeaders(member, same ?? index.similar(member) ?? last)
            if member.size > 0 { addContent(member, same) }
        }
        addTail(map.tail)
    }

    // MARK: Members

    private mutating func addHeaders(_ member: TarMap.Member, _ old: Int?) {
        guard let old else { return add(.literal(member.headers.count)) }
        let item = index.items[old]
        let (new, headers) = (member.headers, item.member.headers)
        if new.count == headers.count {
            add(.match(base: item.base, offset: headers.lowerBound, length: new.count))
        } else {
            // The last block of both is a header, and what is before it are extended headers.
            let block = min(512, new.count, headers.count)
            add(.literal(new.count - block))
            add(.match(base: item.base, offset: headers.upperBound - block, length: block))
        }
    }

    private mutating func addContent(_ member: TarMap.Member, _ same: Int?) {
        let range = member.content..<member.end
        let content = unsafe UnsafeRawBufferPointer(rebasing: target.bytes[range])
        if let same, unsafe index.content(same).equals(content) { return addCopy(same) }
        if let other = unsafe index.sameContent(content) { return addCopy(other) }
        guard let old = index.similar(member) else { return add(.literal(member.size)) }
        last = old
        let item = index.items[old]
        addWalks(range, base: item.base, item.member.content..<item.member.end)
    }

    private mutating func addCopy(_ old: Int) {
        let item = index.items[old]
        last = old
        add(.copy(base: item.base, offset: item.member.content, length: item.member.size))
    }

    private mutating func addWalks(_ new: Range<Int>, base: Int, _ old: Range<Int>) {
        for start in stride(from: new.lowerBound, to: new.upperBound, by: Self.partSize) {
            let part = start..<min(start + Self.partSize, new.upperBound)
            add(.walk(jobs.count))
            let shift = start - new.lowerBound
            jobs.append(WalkJob(target: part, base: base, range: old, shift: shift))
        }
    }

    private mutating func addTail(_ tail: Range<Int>) {
        guard !tail.isEmpty else { return }
        let candidates = index.files.indices.filter { index.files[$0].size > 0 }
        guard tail.count > Self.longestTail else { return addShortTail(tail, candidates.last) }
        let best = candidates.max { index.maps[$0].tail.count < index.maps[$1].tail.count }
        guard let best else { return add(.literal(tail.count)) }
        let old = index.maps[best].tail
        addWalks(tail, base: best, old.count > Self.longestTail ? old : 0..<index.files[best].size)
    }

    private mutating func addShortTail(_ tail: Range<Int>, _ base: Int?) {
        let old = base.map { index.maps[$0].tail } ?? 0..<0
        let length = min(tail.count, old.count)
        if let base, length > 0 {
            add(.match(base: base, offset: old.lowerBound, length: length))
        }
        add(.literal(tail.count - length))
    }

    // MARK: Steps

    /// Adds a step, or makes the last one longer.
    private mutating func add(_ step: Step) {
        switch (steps.last, step) {
        case (_, .literal(0)): break
        case (.literal(let before), .literal(let length)):
            steps[steps.count - 1] = .literal(before + length)
        case (.copy(let base, let offset, let before), .copy(let other, let next, let length))
        where base == other && offset + before == next:
            steps[steps.count - 1] = .copy(base: base, offset: offset, length: before + length)
        default: steps.append(step)
        }
    }
}
