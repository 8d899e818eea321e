// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A regular file in an archive, folder or spool.
package struct MemberFile: Hashable, Sendable {
    package let path: MemberPath
    /// Size in bytes.
    package let size: Int
    /// The place of the data in the source: its offset in a tar, or a number that the source
    /// assigned.
    package let location: Int

    package init(path: MemberPath, size: Int, location: Int) {
        self.path = path
        self.size = size
        self.location = location
    }
}

/// A member of an archive, by type.
package enum Member: Hashable, Sendable {
    case file(MemberFile)
    case symbolicLink(String)
    case hardLink(MemberPath)
    /// A device or a pipe, recorded only to report it if an image needs it.
    case special
}

/// The reason why a path doesn't lead to a file.
package enum MemberError: Error, Hashable, Sendable {
    case missing(MemberPath)
    case linkLoop(MemberPath)
    case linkOutside(MemberPath, target: String)
    /// A link whose target is not in the archive.
    case danglingLink(MemberPath, target: String)
    case special(MemberPath)
    case invalidPath(String)
}

/// All names of an archive, and the targets of its links.
///
/// If a name occurs more than once, the last member replaces the earlier ones, as in tar.
package struct MemberTable: Sendable {
    private(set) var members: [MemberPath: Member] = [:]
    /// The files that later members of the same name replaced.
    private(set) var replaced: [MemberPath: [MemberFile]] = [:]
    /// Whether any member is a link; otherwise paths need no resolution.
    private var hasLinks = false

    package init() {}

    package var count: Int { members.count }

    /// The regular files with their names in this table, sorted; a hard link counts as another name
    /// of its file.
    ///
    /// `file.path` is the name in the source. This name differs from `path` for a hard link, or if
    /// `unwrapped()` removed the wrapping folder.
    package var files: [(path: MemberPath, file: MemberFile)] {
        members.compactMap { path, member in
            switch member {
            case .file(let file): (path, file)
            case .hardLink: (try? self.file(path)).map { (path, $0) }
            case .symbolicLink, .special: nil
            }
        }
        .sorted { $0.path.description < $1.path.description }
    }

    package mutating func insert(_ member: Member, at path: MemberPath) {
        if case .file(let earlier) = members.updateValue(member, forKey: path) {
            replaced[path, default: []].append(earlier)
        }
        switch member {
        case .symbolicLink, .hardLink: hasLinks = true
        case .file, .special: break
        }
    }

    /// The same table without some members.
    package func removing(_ isRemoved: (MemberPath, Member) -> Bool) -> MemberTable {
        var table = self
        table.members = members.filter { !isRemoved($0.key, $0.value) }
        return table
    }

    /// The member at a path, which may be a link.
    package subscript(path: MemberPath) -> Member? { members[path] }

    /// Adds files that a later member with the name `path` already replaced in another table.
    mutating func keep(_ files: [MemberFile], replacedAt path: MemberPath) {
        replaced[path, default: []] += files
    }

    /// The files with this name that later members replaced.
    package func earlier(_ text: String) -> [MemberFile] {
        MemberPath(text).flatMap { replaced[$0] } ?? []
    }

    /// The names that occur more than once in the archive.
    package var repeatedNames: Set<String> {
        Set(replaced.values.joined().map(\.path.description))
    }

    /// Finds the file for a path that a document of the archive contains; such a path is always
    /// UTF-8.
    package func file(_ text: String) throws(MemberError) -> MemberFile {
        guard let path = MemberPath(text), !MemberPath.leavesRoot(text), !text.utf8.contains(0)
        else {
            throw .invalidPath(text)
        }
        return try file(path)
    }

    /// Finds the file at a path; follows links only inside the archive.
    package func file(_ path: MemberPath) throws(MemberError) -> MemberFile {
        var current = path
        for _ in 0..<Self.maximumHops {
            switch members[current] {
            case .file(let file): return file
            case .special: throw .special(path)
            case .hardLink(let target): current = target
            case .symbolicLink(let target): current = try follow(target, from: current, for: path)
            case nil:
                guard let next = try followingFolderLink(in: current, for: path) else {
                    throw .missing(path)
                }
                current = next
            }
        }
        throw .linkLoop(path)
    }

    package func contains(_ text: String) -> Bool { (try? file(text)) != nil }

    /// Whether a file exists at a path.
    ///
    /// - Throws: `MemberError` for a special file, and for a link that loops or leaves the archive,
    ///   because such a member isn't absent.
    package func has(_ text: String) throws(MemberError) -> Bool {
        do {
            _ = try file(text)
            return true
        } catch .missing {
            return false
        }
    }

    /// The symbolic links with their targets, sorted.
    package var symbolicLinks: [(path: MemberPath, target: String)] {
        guard hasLinks else { return [] }
        return
            members.compactMap { path, member in
                guard case .symbolicLink(let target) = member else { return nil }
                return (path, target)
            }
            .sorted { $0.path.description < $1.path.description }
    }

    private static let maximumHops = 64

    private func follow(
        _ target: String,
        from link: MemberPath,
        for path: MemberPath
    ) throws(MemberError) -> MemberPath {
        guard let next = link.following(symbolicLink: target) else {
            throw .linkOutside(path, target: target)
        }
        return next
    }

    /// Replaces the first link to a folder in a path by the link's target; nil if there is none.
    private func followingFolderLink(
        in path: MemberPath,
        for wanted: MemberPath
    ) throws(MemberError) -> MemberPath? {
        guard hasLinks else { return nil }
        let components = path.components
        for length in 1..<max(1, components.count) {
            guard let folder = MemberPath(components[..<length].joined(separator: "/")),
                case .symbolicLink(let target) = members[folder]
            else { continue }
            let next = try follow(target, from: folder, for: wanted)
            return MemberPath(
                "\(next)/" + components[length...].joined(separator: "/")
            )
        }
        return nil
    }
}
