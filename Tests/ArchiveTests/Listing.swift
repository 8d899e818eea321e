// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams
import TestSupport

/// An archive as the reader sees it.
struct Listing {
    let name: String
    let kind: ArchiveEntry.Kind
    let position: Int
    let content: [UInt8]

    var summary: String {
        switch kind {
        case .file(let size): "\(name) file \(size)"
        case .folder: "\(name) folder"
        case .symbolicLink(let target): "\(name) -> \(target)"
        case .hardLink(let target): "\(name) = \(target)"
        case .special: "\(name) special"
        }
    }

    /// All entries of an archive that a file holds.
    static func entries(_ archive: [UInt8], skippingContent: Bool = false) throws -> [Listing] {
        let folder = try TemporaryFolder()
        let file = try InputFile(path: try folder.write("archive", archive))
        return try entries(file, skippingContent: skippingContent)
    }

    static func entries(_ file: InputFile, skippingContent: Bool = false) throws -> [Listing] {
        try entries(
            try ArchiveReader(tar: file, blockSize: 10240),
            skippingContent: skippingContent
        )
    }

    static func entries(
        _ reader: ArchiveReader,
        skippingContent: Bool = false
    ) throws -> [Listing] {
        var listing: [Listing] = []
        while let entry = try reader.nextEntry() {
            let position = reader.position
            let content = skippingContent ? [] : try contents(of: reader, pieces: 4000)
            listing.append(
                Listing(name: entry.name, kind: entry.member, position: position, content: content)
            )
        }
        return listing
    }

    /// Reads to the end in pieces.
    static func contents(of source: some ByteSource, pieces: Int) throws(StreamError) -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieces, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            bytes += buffer[..<count]
            guard count == pieces else { return bytes }
        }
    }

    /// What is inside a stream that a tool compressed.
    static func decompressing(
        _ tool: String,
        _ source: any ByteSource
    ) throws(StreamError) -> ArchiveReader {
        let filters: [String: ArchiveReader.Filter] = ["xz": .xz, "bzip2": .bzip2, "lz4": .lz4]
        guard let filter = filters[tool] else { preconditionFailure("no filter for \(tool)") }
        return try ArchiveReader(decompressing: source, filter)
    }

    static func content(_ member: TarMember) -> [UInt8] {
        if case .file(let bytes) = member.kind { bytes } else { [] }
    }
}

/// Bytes in memory that come in pieces, and may end in an error.
final class Bytes: ByteSource {
    private var rest: ArraySlice<UInt8>
    private let error: StreamError?

    init(_ bytes: [UInt8], endingIn error: StreamError? = nil) {
        rest = bytes[...]
        self.error = error
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let piece = rest.prefix(buffer.count)
        if let error, piece.isEmpty { throw error }
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }
}
