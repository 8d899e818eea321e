// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The operations of a patch in order, checked against the sizes in its header.
final class OperationSequence {
    struct Step {
        let kind: Int
        /// The number of the base that a copy or an addition reads.
        let base: Int
        /// The place in the base in bytes; 0 for literals.
        var offset: Int
        /// At least one byte, and at most what is left of the target.
        var length: Int
    }

    private let stream: OperationReader
    /// The sizes of the bases in bytes.
    private let sizes: [Int]
    /// What is left of the target after the last step, in bytes.
    private var left: Int
    private var base = 0
    /// For each base, the end of the last bytes that were used.
    private var expected: [Int]

    /// Opens the first stream of a patch.
    ///
    /// - Throws: `PatchError`.
    init(_ patch: any RandomAccess, _ header: PatchHeader) throws(PatchError) {
        stream = OperationReader(
            try PatchStreamReader(patch, offset: header.length, size: header.streams[0])
        )
        sizes = header.bases.map(\.size)
        left = header.target.size
        expected = Array(repeating: 0, count: sizes.count)
    }

    /// The next operation; nil if the target is complete.
    ///
    /// - Throws: `PatchError`.
    func next() throws(PatchError) -> Step? {
        guard left > 0 else { return nil }
        var (kind, value) = try stream.operation()
        if kind == Operation.base {
            guard value < sizes.count, value != base else { throw .damaged(.base) }
            base = value
            (kind, value) = try stream.operation()
            guard kind == Operation.copy || kind == Operation.add else { throw .damaged(.base) }
        }
        guard value > 0, value <= left else { throw .damaged(.length) }
        var offset = 0
        if kind != Operation.literal {
            offset = try place(length: value)
            expected[base] = offset + value
        }
        left -= value
        return Step(kind: kind, base: base, offset: offset, length: value)
    }

    /// Checks that nothing follows.
    func finish() throws(PatchError) { try stream.finish() }

    /// Reads the place of bytes in the base.
    private func place(length: Int) throws(PatchError) -> Int {
        let distance = PatchNumber.signed(try stream.number())
        let (offset, isTooFar) = expected[base].addingReportingOverflow(distance)
        guard !isTooFar, offset >= 0, length <= sizes[base], offset <= sizes[base] - length else {
            throw .damaged(.offset)
        }
        return offset
    }
}

/// The numbers in the stream of operations.
@safe private final class OperationReader {
    private let stream: PatchStreamReader
    private let buffer: UnsafeMutableRawBufferPointer
    private var (position, count) = (0, 0)

    init(_ stream: PatchStreamReader) {
        self.stream = stream
        unsafe buffer = .allocate(byteCount: 64 << 10, alignment: 64)
    }

    deinit { unsafe buffer.deallocate() }

    func number() throws(PatchError) -> Int {
        try PatchNumber.read { () throws(PatchError) in
            if position == count {
                position = 0
                count = unsafe try stream.readSome(into: buffer)
            }
            position += 1
            return unsafe buffer[position - 1]
        }
    }

    func operation() throws(PatchError) -> (kind: Int, value: Int) {
        let number = try number()
        return (number & 3, number >> 2)
    }

    func finish() throws(PatchError) {
        guard position == count else { throw .damaged(.trailing) }
        try stream.finish()
    }
}
