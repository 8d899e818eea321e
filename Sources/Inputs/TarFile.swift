// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Streams

/// An uncompressed tar in a regular file, whose members can be read at any time after one pass over
/// the headers.
struct TarFile: MemberSource {
    let members: MemberTable
    private let file: InputFile

    init(_ file: InputFile, size: Int) throws(ArchiveError) {
        self.file = file
        try file.rewind()
        let reader = try ArchiveReader(tar: file, blockSize: 32 << 10)
        var listing = ArchiveListing()
        while let entry = try reader.nextEntry() {
            let offset = reader.position
            // If the file was cut off, a seek skips past its end without an error.
            if case .file(let length) = entry.member, offset + length > size { throw .truncated }
            try listing.add(entry, at: offset, location: offset)
        }
        try Self.checkEndMark(file, listing.endMark)
        members = listing.members
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(file, offset: member.location, size: member.size)
    }

    private static func checkEndMark(
        _ file: InputFile,
        _ place: Range<Int>
    ) throws(ArchiveError) {
        var block = [UInt8](repeating: 1, count: place.count)
        let count: Int
        do throws(StreamError) {
            count = unsafe try block.withUnsafeMutableBufferPointer {
                (buffer) throws(StreamError) in
                unsafe try file.read(
                    at: place.lowerBound,
                    into: UnsafeMutableRawBufferPointer(buffer)
                )
            }
        } catch {
            throw .stream(error)
        }
        guard count == block.count, block.allSatisfy({ $0 == 0 }) else { throw .truncated }
    }
}
