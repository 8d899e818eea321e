// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive

/// A tar in an input.
struct ListedArchive: Sendable {
    let members: MemberTable
    /// Whether the tar has the end mark, a block of zeros.
    let hasEndMark: Bool
    /// The reason why the tar can't be read to its end; nil if it was.
    var cut: SourceFault?
}

/// Collects the headers of all tars in one input, in one table for each tar.
///
/// Its functions throw an error if the input exceeds a limit.
struct ArchiveListing {
    /// The tars that were read to their ends and have members.
    ///
    /// If there are no such tars, the list has one tar without members.
    var archives: [ListedArchive] {
        ended.isEmpty ? [ListedArchive(members: MemberTable(), hasEndMark: true)] : ended
    }
    private var ended: [ListedArchive] = []
    /// Whether a tar was read to its end, so that damage after it doesn't affect it.
    var hasEnded: Bool { !ended.isEmpty }
    private var members = MemberTable()
    /// Whether the current tar has any entry.
    private var hasEntries = false
    private var count = 0
    private var nameBytes = 0
    /// The offset of the first byte after the last member's content.
    private var end = 0

    /// The maximum number of members, which no saved image reaches, because 127 layers make only
    /// 400 members even in the oldest dialect.
    static let maximumMembers = 1_000_000
    /// The maximum number of consecutive tars in one input.
    static let maximumArchives = 10_000
    /// The limit for the total size of all names and link targets, in bytes.
    static let maximumNames = 64 << 20
    private static let blockSize = 512

    /// The place of the block of zeros that must end the tar.
    ///
    /// Without this block, the last members may be missing, and regstatic could mistake the rest
    /// for another dialect, so that images get other digests. `FoundImages.checkWithoutEndMark`
    /// decides whether to refuse a tar without this block.
    var endMark: Range<Int> {
        let start = (end + Self.blockSize - 1) / Self.blockSize * Self.blockSize
        return start..<start + Self.blockSize
    }

    /// Ends the current tar; the next one begins at `offset`.
    mutating func endArchive(hasEndMark: Bool, next offset: Int) throws(ArchiveError) {
        // Zeros in front of a tar look like a tar without members.
        if hasEntries { ended.append(ListedArchive(members: members, hasEndMark: hasEndMark)) }
        guard ended.count <= Self.maximumArchives else {
            throw .limit(what: "archives in one file", limit: Self.maximumArchives)
        }
        (members, hasEntries, end) = (MemberTable(), false, offset)
    }

    /// Ends the current tar because of a fault; only its intact files stay in its table.
    ///
    /// - Returns: false if the tar has no entries before the fault.
    mutating func endArchive(
        cutBy fault: SourceFault,
        isIntact: (MemberFile) -> Bool
    ) -> Bool {
        guard hasEntries else { return false }
        let table = members.removing { _, member in
            if case .file(let file) = member { !isIntact(file) } else { false }
        }
        ended.append(ListedArchive(members: table, hasEndMark: false, cut: fault))
        (members, hasEntries) = (MemberTable(), false)
        return true
    }

    /// Adds an entry whose content begins at `offset`; returns its member if it is a file.
    @discardableResult
    mutating func add(
        _ entry: ArchiveEntry,
        at offset: Int,
        location: Int
    ) throws(ArchiveError) -> MemberFile? {
        end = max(end, offset)
        hasEntries = true
        count += 1
        guard count <= Self.maximumMembers else {
            throw .limit(what: "members", limit: Self.maximumMembers)
        }
        nameBytes += entry.nameSize
        guard nameBytes <= Self.maximumNames else {
            throw .limit(what: "bytes of names", limit: Self.maximumNames)
        }
        if case .file(let size) = entry.member { end = offset + size }
        let name = MemberPath.withoutRoot(entry.name)
        guard !MemberPath.leavesRoot(name) else { throw .outside(member: entry.name) }
        guard let path = MemberPath(name) else {
            if case .folder = entry.member { return nil }  // "./"
            throw .damaged("a member's name is empty or longer than \(MemberPath.maximumLength)")
        }
        guard !path.components.contains(where: MemberPath.isLitter) else { return nil }
        switch entry.member {
        case .folder: return nil
        case .special: members.insert(.special, at: path)
        case .symbolicLink(let target): members.insert(.symbolicLink(target), at: path)
        case .hardLink(let target):
            let target = MemberPath.withoutRoot(target)
            guard !MemberPath.leavesRoot(target), let target = MemberPath(target) else {
                throw .outside(member: entry.name)
            }
            members.insert(.hardLink(target), at: path)
        case .file(let size):
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
