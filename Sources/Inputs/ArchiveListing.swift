// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive

/// Collects the headers of a tar into a table, within bounds.
struct ArchiveListing {
    private(set) var members = MemberTable()
    private var count = 0
    private var nameBytes = 0
    /// The offset of the first byte after the last member's content.
    private var end = 0

    /// Far more members than any saved image has, because 127 layers make only 400 members even in
    /// the oldest dialect.
    static let maximumMembers = 1_000_000
    /// The limit for the total size of all names and link targets, in bytes.
    static let maximumNames = 64 << 20
    private static let blockSize = 512

    /// The block of zeros that must end the tar.
    ///
    /// Without this block, the last members may be missing, and regstatic could mistake the rest
    /// for another dialect, so that images get other digests.
    var endMark: Range<Int> {
        let start = (end + Self.blockSize - 1) / Self.blockSize * Self.blockSize
        return start..<start + Self.blockSize
    }

    /// Adds an entry whose content begins at `offset`; returns its member if it is a file.
    @discardableResult
    mutating func add(
        _ entry: ArchiveEntry,
        at offset: Int,
        location: Int
    ) throws(ArchiveError) -> MemberFile? {
        end = max(end, offset)
        count += 1
        guard count <= Self.maximumMembers else {
            throw .limit(what: "members", limit: Self.maximumMembers)
        }
        nameBytes += entry.nameSize
        guard nameBytes <= Self.maximumNames else {
            throw .limit(what: "bytes of names", limit: Self.maximumNames)
        }
        guard !MemberPath.leavesRoot(entry.name) else { throw .outside(member: entry.name) }
        guard let path = MemberPath(entry.name) else {
            if case .folder = entry.member { return nil }  // "./"
            throw .damaged("a member's name is empty or longer than \(MemberPath.maximumLength)")
        }
        switch entry.member {
        case .folder: return nil
        case .special: members.insert(.special, at: path)
        case .symbolicLink(let target): members.insert(.symbolicLink(target), at: path)
        case .hardLink(let target):
            guard !MemberPath.leavesRoot(target), let target = MemberPath(target) else {
                throw .outside(member: entry.name)
            }
            members.insert(.hardLink(target), at: path)
        case .file(let size):
            end = offset + size
            let file = MemberFile(path: path, size: size, location: location)
            members.insert(.file(file), at: path)
            return file
        }
        return nil
    }
}

extension ArchiveEntry {
    fileprivate var nameSize: Int {
        switch member {
        case .symbolicLink(let target), .hardLink(let target):
            name.utf8.count + target.utf8.count
        case .file, .folder, .special: name.utf8.count
        }
    }
}
