// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Streams

/// A folder with a registry's data: `/var/lib/registry`, or a folder above or below it.
struct VolumeFolder: MemberSource {
    let members: MemberTable
    let unread: [UnreadPath]
    private let folder: InputFile

    /// Lists the registry's files; nil if the folder has none.
    init?(_ folder: InputFile) throws(ArchiveError) {
        guard let place = try Self.root(in: folder) else { return nil }
        let (root, parent) = (place.folder, place.parent)
        self.folder = root
        var walk = FolderWalk(skipping: ["_layers"])
        for name in Self.parts { try walk.add(name, in: root) }
        // The mark of a database is next to the folder `v2`, so look for it in the parent folder.
        if let parent { try walk.add(VolumeDrafts.databaseMark, in: parent) }
        (members, unread) = (walk.members, walk.unread)
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }

    /// The folders that make up a registry's data.
    private static let parts = ["blobs", "repositories"]

    /// The path of a registry's data in a folder; nil if there is none.
    static func path(in folder: InputFile) throws(ArchiveError) -> String? {
        try root(in: folder).map { $0.path.joined(separator: "/") }
    }

    /// Finds the folder that contains `blobs` and `repositories`, level by level.
    private static func root(in folder: InputFile) throws(ArchiveError) -> Place? {
        var level = [Place(folder: folder, parent: nil, path: [])]
        var seen = 0
        for _ in 0..<maximumLevels {
            for place in level where try isRoot(place) { return place }
            var next: [Place] = []
            for place in level {
                for (name, inner) in try folders(in: place.folder) {
                    seen += 1
                    guard seen <= maximumFolders else { return nil }
                    let path = place.path + [name]
                    next.append(Place(folder: inner, parent: place.folder, path: path))
                }
            }
            level = next
        }
        return nil
    }

    private struct Place {
        let folder: InputFile
        let parent: InputFile?
        /// The names of the folders that lead to this folder.
        let path: [String]
    }

    /// Whether a folder contains a registry's data; a partial copy has only one of the two folders.
    ///
    /// A link in the place of such a folder also counts, because it is reported later.
    private static func isRoot(_ place: Place) throws(ArchiveError) -> Bool {
        var count = 0
        for part in parts {
            let entry = try place.folder.entry(part)
            if entry == .folder || entry == .link { count += 1 }
        }
        return count == parts.count || count > 0 && place.path.suffix(2) == ["registry", "v2"]
    }

    /// Lists the folders to search; skips folders that regstatic has no permission to open, because
    /// their data couldn't be read anyway.
    private static func folders(
        in folder: InputFile
    ) throws(ArchiveError) -> [(name: String, folder: InputFile)] {
        let (names, failure) = folder.names()
        if let failure, !failure.isDenial { throw failure }
        var folders: [(name: String, folder: InputFile)] = []
        for name in names.sorted() {
            guard let path = MemberPath(name) else { continue }
            do throws(ArchiveError) {
                if let inner = try folder.folder(path) { folders.append((name, inner)) }
            } catch .link {
                continue
            } catch {
                guard error.isDenial else { throw error }
            }
        }
        return folders
    }

    /// The maximum number of levels, enough for `var/lib/registry/docker/registry/v2` and a few
    /// more.
    private static let maximumLevels = 9
    /// The maximum number of folders to search.
    ///
    /// An input with more folders is probably a whole disk, not a backup of a registry.
    private static let maximumFolders = 256
}
