// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Streams

/// An uncompressed tar in a regular file, whose members can be read at any time after one pass over
/// the headers.
struct TarFile: MemberSource {
    private let archive: ListedArchive
    private let file: InputFile
    var members: MemberTable { archive.members }
    var hasEndMark: Bool { archive.hasEndMark }
    var cut: SourceFault? { archive.cut }

    /// The archives in a file, and the bytes after them.
    struct Content {
        let archives: [TarFile]
        /// The offset and format of the bytes after the last tar; nil if only zeros follow.
        var tail: (offset: Int, format: StreamFormat)?
        /// The reason why the next tar can't be read; `archives` are intact.
        var failure: ArchiveError?
    }

    private init(_ archive: ListedArchive, in file: InputFile) {
        (self.archive, self.file) = (archive, file)
    }

    /// Lists all tars of a file, which may follow each other, as after `cat a.tar b.tar`.
    static func content(of file: InputFile, size: Int) throws(ArchiveError) -> Content {
        var listing = ArchiveListing()
        var tail: (offset: Int, format: StreamFormat)? = (0, .tar)
        var failure: ArchiveError?
        while let start = tail?.offset, tail?.format == .tar {
            do throws(ArchiveError) {
                tail = try list(file, from: start, size: size, into: &listing)
            } catch {
                tail = nil
                if let fault = SourceFault(cutting: error),
                    listing.endArchive(cutBy: fault, isIntact: { $0.location + $0.size <= size })
                {
                    continue
                }
                guard listing.hasEnded else { throw error }
                failure = error
            }
        }
        let archives = listing.archives.map { TarFile($0, in: file) }
        return Content(archives: archives, tail: tail, failure: failure)
    }

    /// Lists one tar, and finds the first bytes after it that aren't zeros.
    private static func list(
        _ file: InputFile,
        from start: Int,
        size: Int,
        into listing: inout ArchiveListing
    ) throws(ArchiveError) -> (offset: Int, format: StreamFormat)? {
        try file.seek(to: start)
        let reader = try ArchiveReader(tar: file, blockSize: 32 << 10)
        while let entry = try reader.nextEntry() {
            let offset = start + reader.position
            try listing.add(entry, at: offset, location: offset)
            // If the file was cut off, a seek skips past its end without an error.
            if case .file(let length) = entry.member, offset + length > size { throw .truncated }
        }
        let mark = listing.endMark
        let hasEndMark = try checkEndMark(file, mark, size: size)
        let tail = hasEndMark ? try next(in: file, from: mark.upperBound, size: size) : nil
        try listing.endArchive(hasEndMark: hasEndMark, next: tail?.offset ?? size)
        return tail
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(file, offset: member.location, size: member.size)
    }

    /// Whether the tar has an end mark; false if the file ends after the last member.
    private static func checkEndMark(
        _ file: InputFile,
        _ place: Range<Int>,
        size: Int
    ) throws(ArchiveError) -> Bool {
        guard place.lowerBound != size else { return false }
        let block = try reading { () throws(StreamError) in
            try FileRange(file, offset: place.lowerBound, size: place.count).bytes(place.count)
        }
        guard block.allSatisfy({ $0 == 0 }) else { throw .truncated }
        return true
    }

    /// Finds the first byte after a tar that isn't zero.
    private static func next(
        in file: InputFile,
        from offset: Int,
        size: Int
    ) throws(ArchiveError) -> (offset: Int, format: StreamFormat)? {
        var offset = offset
        while offset < size {
            let range = FileRange(file, offset: offset, size: min(64 << 10, size - offset))
            let bytes = try reading { () throws(StreamError) in try range.bytes(64 << 10) }
            guard let start = bytes.firstIndex(where: { $0 != 0 }) else {
                offset += bytes.count
                continue
            }
            offset += start
            let length = min(StreamFormat.sniffLength, size - offset)
            let head = try reading { () throws(StreamError) in
                try FileRange(file, offset: offset, size: length).bytes(length)
            }
            return (offset, StreamFormat(sniffing: head))
        }
        return nil
    }

    private static func reading<Value>(
        _ body: () throws(StreamError) -> Value
    ) throws(ArchiveError) -> Value {
        do { return try body() } catch { throw .stream(error) }
    }
}
