// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch
internal import Streams

/// Writes the operations that make a target, in order, with their differences and literals.
@safe final class OperationWriter {
    private let target: UnsafeRawBufferPointer
    private let bases: [MappedFile]
    private let operations: PatchStreamWriter
    private let differences: PatchStreamWriter
    private let literals: PatchStreamWriter
    /// What the decoder expects, for each base.
    private var expected: [Int]
    private var base = 0
    /// The place in the target of the next byte to be written.
    private(set) var position = 0
    /// The operation that still grows.
    private var pending = Pending.none

    private enum Pending {
        case none
        case literal(Int)
        case copy(base: Int, offset: Int, length: Int)
    }

    /// Equal bytes inside a match of bytes that differ become a copy of their own from this length on.
    private static let shortestCopy: UInt64 = 256

    init(_ target: MappedFile, _ bases: [MappedFile], to scratch: any PatchScratch) {
        unsafe self.target = target.bytes
        self.bases = bases
        expected = Array(repeating: 0, count: bases.count)
        operations = PatchStreamWriter(.operations, to: scratch)
        differences = PatchStreamWriter(.differences, to: scratch)
        literals = PatchStreamWriter(.literals, to: scratch)
    }

    /// The compressed bytes so far.
    var size: Int { operations.size + differences.size + literals.size }

    func finish() throws(StreamError) -> [Int] {
        try flush()
        let streams = [operations, differences, literals]
        for stream in streams { try stream.finish() }
        return streams.map(\.size)
    }

    // MARK: Parts of the target

    /// Makes the next bytes from literals.
    func literal(_ length: Int) throws(StreamError) {
        guard length > 0 else { return }
        if case .literal(let before) = pending {
            pending = .literal(before + length)
        } else {
            try flush()
            pending = .literal(length)
        }
        unsafe try literals.write(.init(rebasing: target[position..<position + length]))
        position += length
    }

    /// Makes the next bytes from the same bytes of a base.
    func copy(base: Int, offset: Int, length: Int) throws(StreamError) {
        guard length > 0 else { return }
        position += length
        if case .copy(let last, let start, let before) = pending, last == base,
            start + before == offset
        {
            pending = .copy(base: base, offset: start, length: before + length)
        } else {
            try flush()
            pending = .copy(base: base, offset: offset, length: length)
        }
    }

    /// Makes the next bytes from bytes of a base, some of which may differ.
    func match(base: Int, offset: Int, length: Int) throws(StreamError) {
        var done = 0
        while done < length {
            let run = unsafe rs_equal(here, there(base, offset + done), UInt64(length - done))
            if run >= Self.shortestCopy || run == length - done
                || run > 0 && continues(base, offset + done)
            {
                try copy(base: base, offset: offset + done, length: Int(run))
                done += Int(run)
                continue
            }
            let differing = unsafe rs_find_equal(
                here,
                there(base, offset + done),
                UInt64(length - done),
                Self.shortestCopy
            )
            try add(base: base, offset: offset + done, length: Int(differing))
            done += Int(differing)
        }
    }

    /// Whether bytes of a base follow those of the pending copy.
    private func continues(_ base: Int, _ offset: Int) -> Bool {
        guard case .copy(let last, let start, let length) = pending else { return false }
        return last == base && start + length == offset
    }

    private func add(base: Int, offset: Int, length: Int) throws(StreamError) {
        try flush()
        try write(Operation.add, base: base, offset: offset, length: length)
        var done = 0
        while done < length {
            let from = unsafe there(base, offset + done)
            let to = unsafe here
            let count = unsafe try differences.fill(length - done) { part in
                unsafe rs_subtract(part.baseAddress, to, from, UInt64(part.count))
            }
            done += count
            position += count
        }
    }

    private var here: UnsafePointer<UInt8>? { unsafe target.pointer(at: position) }

    private func there(_ base: Int, _ offset: Int) -> UnsafePointer<UInt8>? {
        unsafe bases[base].bytes.pointer(at: offset)
    }

    // MARK: Operations

    private func flush() throws(StreamError) {
        switch pending {
        case .none: break
        case .literal(let length): try write([length << 2 | Operation.literal])
        case .copy(let base, let offset, let length):
            try write(Operation.copy, base: base, offset: offset, length: length)
        }
        pending = .none
    }

    private func write(
        _ kind: Int,
        base: Int,
        offset: Int,
        length: Int
    ) throws(StreamError) {
        if base != self.base { try write([base << 2 | Operation.base]) }
        self.base = base
        try write([length << 2 | kind, PatchNumber.unsigned(offset - expected[base])])
        expected[base] = offset + length
    }

    private func write(_ numbers: [Int]) throws(StreamError) {
        var bytes: [UInt8] = []
        for number in numbers { PatchNumber.append(number, to: &bytes) }
        unsafe try bytes.withUnsafeBufferPointer { (bytes) throws(StreamError) in
            unsafe try operations.write(UnsafeRawBufferPointer(bytes))
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The address of a byte.
    func pointer(at offset: Int) -> UnsafePointer<UInt8>? {
        unsafe baseAddress?.advanced(by: offset).assumingMemoryBound(to: UInt8.self)
    }
}
