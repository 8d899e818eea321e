// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A regular file in an archive, folder or spool.
package struct MemberFile: Hashable, Sendable {
    package let path: MemberPath
    /// Bytes.
    package let size: Int
    /// Where its source finds it: the data's offset in a tar, or a number of the source's own.
    package let location: Int

    package init(path: MemberPath, size: Int, location: Int) {
        self.path = path
        self.size = size
        self.location = location
    }
}

/// What a name in an archive stands for.
package enum Member: Hashable, Sendable {
    case file(MemberFile)
    case symbolicLink(String)
    case hardLink(MemberPath)
    /// A device, a pipe: kept to say so if an image wants it.
    case special
}

/// Why a path leads to no file.
package enum MemberError: Error, Hashable, Sendable {
    case missing(MemberPath)
    case linkLoop(MemberPath)
    case linkOutside(MemberPath, target: String)
    case special(MemberPath)
    case invalidPath(String)
}

/// All names of an archive, and where their links lead.
///
/// The last member of a name wins, as in tar.
package struct MemberTable: Sendable {
    private var members: [MemberPath: Member] = [:]
    /// Whether any member is a link: without one there is nothing to walk.
    private var hasLinks = false

    package init() {}

    package var count: Int { members.count }

    /// The regular files by their names here, sorted; hard links are other names of theirs.
    ///
    /// A file's own path is where its source finds it: in a table without the wrapping folder, that is
    /// another one.
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
        members[path] = member
        switch member {
        case .symbolicLink, .hardLink: hasLinks = true
        case .file, .special: break
        }
    }

    /// The file that a path as an archive's document writes it stands for.
    package func file(_ text: String) throws(MemberError) -> MemberFile {
        guard let path = MemberPath(text), !MemberPath.leavesRoot(text) else {
            throw .invalidPath(text)
        }
        return try file(path)
    }

    /// The file at a path, links followed inside the archive only.
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

    /// Whether there is a file at a path.
    ///
    /// - Throws: `MemberError` if something is there that leads to no file: it isn't absent.
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

    /// The table without the one folder that wraps everything; nil if there is no such folder.
    package func unwrapped() -> MemberTable? {
        guard let folder = members.keys.first?.components.first else { return nil }
        var table = MemberTable()
        for (path, member) in members {
            guard let inner = path.dropping(folder: folder) else { return nil }
            guard case .hardLink(let target) = member else {
                table.insert(member, at: inner)
                continue
            }
            guard let innerTarget = target.dropping(folder: folder) else { return nil }
            table.insert(.hardLink(innerTarget), at: inner)
        }
        return table
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

    /// The path with its first component that is a link to a folder replaced by the link's target.
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
