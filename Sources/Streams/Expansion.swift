// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The limit for the expansion of a compressed stream; a stream above the limit counts as a bomb.
///
/// Deflate reaches 1032:1 only for zeros, so a large stream above the limit is an attack.
package enum Expansion {
    package static let freeBytes = 4 << 30
    package static let maximumRatio = 1000

    package static func check(_ expanded: Int, from compressed: Int) throws(StreamError) {
        guard expanded > freeBytes, expanded / maximumRatio > compressed else { return }
        throw .expansion(ratio: maximumRatio)
    }
}

/// The content of a compressed stream, with a limit for its expansion.
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
