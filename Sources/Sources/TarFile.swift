// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive

/// A plain tar in a regular file: one pass over the headers, then any member at any time.
struct TarFile: MemberSource {
    let members: MemberTable
    private let file: InputFile

    init(_ file: InputFile, size: Int) throws(ArchiveError) {
        self.file = file
        try file.rewind()
        let reader = try ArchiveReader(tar: file, blockSize: 32 << 10)
        var listing = ArchiveListing()
        var end = 0
        while let entry = try reader.nextEntry() {
            let offset = reader.position
            end = max(end, offset)
            if case .file(let length) = entry.member {
                // Skipping by seek goes past the end of a file that was cut off, unnoticed.
                guard offset + length <= size else { throw .truncated }
                end = offset + length
            }
            try listing.add(entry, location: offset)
        }
        try Self.checkEndMark(file, after: end)
        members = listing.members
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(file, offset: member.location, size: member.size)
    }

    /// A tar ends with blocks of zeros.
    ///
    /// Without them the last members may be missing, and what remains could pass for another
    /// dialect with other digests.
    private static func checkEndMark(_ file: InputFile, after end: Int) throws(ArchiveError) {
        var block = [UInt8](repeating: 1, count: ArchiveListing.blockSize)
        let count = unsafe try block.withUnsafeMutableBufferPointer {
            (buffer) throws(ArchiveError) in
            unsafe try file.read(
                at: ArchiveListing.padded(end),
                into: UnsafeMutableRawBufferPointer(buffer)
            )
        }
        guard count == block.count, block.allSatisfy({ $0 == 0 }) else { throw .truncated }
    }
}
