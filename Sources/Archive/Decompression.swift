// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

extension StreamFormat {
    /// Decompresses a stream of this format; returns the stream itself if it isn't compressed.
    package func decompressing(
        _ source: any ByteSource,
        within budget: ExpansionBudget = ExpansionBudget()
    ) throws(StreamError) -> any ByteSource {
        guard isCompressed else { return source }
        return try DecompressedStream(source, self, scope: .layer, within: budget)
    }

    /// The decoder for streams of this format; nil if they aren't compressed.
    fileprivate func decoder(
        of source: any ByteSource
    ) throws(StreamError) -> (any StreamDecoder)? {
        switch self {
        case .gzip: GzipReader(source)
        case .zstd: ZstdReader(source)
        case .bzip2: try ArchiveReader(decompressing: source, .bzip2)
        case .xz: try XZReader(source)
        case .lz4: try ArchiveReader(decompressing: source, .lz4)
        case .tar, .other: nil
        }
    }
}

/// The decompressed content of consecutive compressed streams, with a limit for its size.
///
/// Zeros may follow each stream, because tools fill up the last block of a tape or disk.
package final class DecompressedStream: ByteSource {
    private var format: StreamFormat
    private var decoder: any StreamDecoder
    private var isAtEnd = false
    private var count = 1
    private let scope: StreamError.Scope
    private var expansion: Expansion
    /// Whether other bytes follow the last stream of an archive.
    ///
    /// In a layer, such bytes are an error, because engines refuse them, too.
    package private(set) var hasTail = false
    package private(set) var salvaged = 0

    package init(
        _ source: any ByteSource,
        _ format: StreamFormat,
        scope: StreamError.Scope,
        within budget: ExpansionBudget
    ) throws(StreamError) {
        guard let decoder = try format.decoder(of: source) else {
            preconditionFailure("a compressed format")
        }
        self.format = format
        self.decoder = decoder
        self.scope = scope
        expansion = Expansion(of: scope, within: budget)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        var done = 0
        while !isAtEnd, done < buffer.count {
            let space = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            salvaged = done
            let more: Int
            do throws(StreamError) { more = unsafe try decoder.read(into: space) } catch {
                try expansion.add(decoder.salvaged)
                salvaged = done + decoder.salvaged
                throw error
            }
            try expansion.add(more)
            done += more
            salvaged = done
            if more < space.count { try openNext() }
        }
        return done
    }

    /// Opens the next stream, if there is one.
    private func openNext() throws(StreamError) {
        let (head, all) = try decoder.rest().skippingZeros()
        let next = StreamFormat(sniffing: head)
        if let decoder = try next.decoder(of: all) {
            count += 1
            guard count <= Self.maximumStreams else {
                throw .damaged("more than \(Self.maximumStreams) compressed streams in a row")
            }
            (self.decoder, format) = (decoder, next)
        } else if next == .tar, scope == .run {
            decoder = PlainStream(all)
        } else {
            isAtEnd = true
            hasTail = !head.isEmpty
            guard !hasTail || scope == .run else {
                throw .damaged("bytes follow the \(format) stream that are no part of it")
            }
        }
    }

    /// Consecutive streams of the same format count as one stream, because one decoder reads them
    /// all.
    private static let maximumStreams = 1000
}

/// An uncompressed archive that follows a compressed archive.
private final class PlainStream: StreamDecoder {
    private let source: any ByteSource

    init(_ source: any ByteSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        unsafe try source.read(into: buffer)
    }

    func rest() -> any ByteSource { source }

    var salvaged: Int { source.salvaged }
}
