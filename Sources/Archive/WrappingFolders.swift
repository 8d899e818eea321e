// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

// Some users pack the folder that has the files, or even its parent folders: `tar cf app.tar
// backup/app`.
extension MemberTable {
    /// The folders that wrap all members, from the outside to the inside.
    package var wrappingFolders: [Substring] {
        guard var common = members.keys.first?.components.dropLast() else { return [] }
        for path in members.keys {
            let same = zip(common, path.components.dropLast()).prefix { $0 == $1 }.count
            common = common.prefix(same)
            if common.isEmpty { break }
        }
        return Array(common)
    }

    /// Removes these folders from all paths; nil if a member or a hard link's target isn't inside
    /// them.
    package func dropping(_ folders: [Substring]) -> MemberTable? {
        var table = MemberTable()
        for (path, member) in members {
            guard let inner = path.dropping(folders),
                let member = Self.dropping(folders, from: member)
            else { return nil }
            table.insert(member, at: inner)
        }
        for (path, files) in replaced {
            guard let inner = path.dropping(folders) else { return nil }
            table.keep(files, replacedAt: inner)
        }
        return table
    }

    private static func dropping(_ folders: [Substring], from member: Member) -> Member? {
        switch member {
        case .hardLink(let target): target.dropping(folders).map(Member.hardLink)
        case .symbolicLink(let target):
            // `tar -P` also keeps absolute targets of links unchanged.
            target.utf8.first == UInt8(ascii: "/")
                ? .symbolicLink(
                    MemberPath(MemberPath.withoutRoot(target))?.dropping(folders)
                        .map { "/\($0)" } ?? target
                ) : member
        case .file, .special: member
        }
    }
}
