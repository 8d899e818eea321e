// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive

/// A registry's data in a folder: `/var/lib/registry`, or a folder around it.
struct VolumeFolder: MemberSource {
    let members: MemberTable
    private let folder: InputFile

    /// Lists the registry's files; nil if the folder has none.
    init?(_ folder: InputFile) throws(ArchiveError) {
        guard let root = try Self.root(in: folder) else { return nil }
        self.folder = root
        var walk = Walk()
        for name in ["blobs", "repositories"] {
            guard let path = MemberPath(name), let below = try root.folder(path) else { continue }
            try walk.add(below, at: path, depth: 0)
        }
        members = walk.members
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }

    /// The folder that holds `blobs` and `repositories`, level by level.
    private static func root(in folder: InputFile) throws(ArchiveError) -> InputFile? {
        var level = [folder]
        var seen = 0
        for _ in 0..<maximumLevels {
            for folder in level where try isRoot(folder) { return folder }
            var next: [InputFile] = []
            for folder in level {
                for name in try folder.names().sorted() {
                    // What may not be opened is none of a registry's that we could read.
                    guard let path = MemberPath(name), let inner = try? folder.folder(path) else {
                        continue
                    }
                    seen += 1
                    guard seen <= maximumFolders else { return nil }
                    next.append(inner)
                }
            }
            level = next
        }
        return nil
    }

    private static func isRoot(_ folder: InputFile) throws(ArchiveError) -> Bool {
        guard let blobs = MemberPath("blobs"), let repositories = MemberPath("repositories") else {
            return false
        }
        let hasBlobs = try folder.folder(blobs) != nil
        let hasRepositories = try folder.folder(repositories) != nil
        return hasBlobs && hasRepositories
    }

    /// `var/lib/registry/docker/registry/v2` and a bit.
    private static let maximumLevels = 9
    /// Beyond that it is no backup of a registry, but somebody's disk.
    private static let maximumFolders = 256
}

/// Collects the regular files below a folder, within bounds.
private struct Walk {
    private(set) var members = MemberTable()

    private static let maximumDepth = 64

    mutating func add(
        _ folder: InputFile,
        at path: MemberPath,
        depth: Int
    ) throws(ArchiveError) {
        guard depth < Self.maximumDepth else {
            throw .limit(what: "folders in folders", limit: Self.maximumDepth)
        }
        for name in try folder.names() where name != "_layers" {
            guard let below = MemberPath("\(path)/\(name)") else { continue }
            if let size = try folder.size(of: name) {
                members.insert(.file(MemberFile(path: below, size: size, location: 0)), at: below)
                guard members.count <= ArchiveListing.maximumMembers else {
                    throw .limit(what: "members", limit: ArchiveListing.maximumMembers)
                }
            } else if let own = MemberPath(name), let inner = try folder.folder(own) {
                try add(inner, at: below, depth: depth + 1)
            }
        }
    }
}
