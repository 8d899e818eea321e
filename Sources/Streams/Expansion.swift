// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// How far a compressed stream may expand before it is taken for a bomb.
///
/// Deflate reaches 1032:1 on nothing but zeros; what is large and denser than that is made to stop
/// us.
package enum Expansion {
    package static let freeBytes = 4 << 30
    package static let maximumRatio = 1000

    package static func check(_ expanded: Int, from compressed: Int) throws(StreamError) {
        guard expanded > freeBytes, expanded / maximumRatio > compressed else { return }
        throw .expansion(ratio: maximumRatio)
    }
}

/// What is inside a compressed stream, as long as it doesn't expand beyond all measure.
package final class BoundedDecoder: ByteSource {
    private let decoder: any ByteSource
    private let input: CountedSource
    private var expanded = 0

    package init(
        _ source: any ByteSource,
        _ decoder: (any ByteSource) throws(StreamError) -> any ByteSource
    ) throws(StreamError) {
        input = CountedSource(source)
        self.decoder = try decoder(input)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let count = unsafe try decoder.read(into: buffer)
        expanded += count
        try Expansion.check(expanded, from: input.count)
        return count
    }
}

private final class CountedSource: ByteSource {
    private let source: any ByteSource
    private(set) var count = 0

    init(_ source: any ByteSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let count = unsafe try source.read(into: buffer)
        self.count += count
        return count
    }
}
