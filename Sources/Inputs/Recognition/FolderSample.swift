// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Streams

/// Some of the files below a folder, enough to recognize the folder's kind.
///
/// The upper levels come first. Unreadable folders are ignored, because a sample is only for the
/// text of an error.
struct FolderSample: MemberSource {
    private(set) var members = MemberTable()
    private let folder: InputFile

    init(_ folder: InputFile) {
        self.folder = folder
        var level: [(path: String, folder: InputFile)] = [("", folder)]
        for _ in 0..<Self.maximumLevels {
            var next: [(path: String, folder: InputFile)] = []
            for (path, folder) in level {
                // Limit the number of open folders, because a whole disk has more folders than a
                // process can open.
                guard members.count + next.count < Self.maximumEntries else { return }
                next += add(folder, at: path)
            }
            level = next
        }
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }

    private static let maximumLevels = 8
    private static let maximumEntries = 256
    /// The maximum number of names to read in one folder.
    private static let maximumNames = 50

    /// Adds the files of a folder, and returns the folders in it.
    private mutating func add(_ folder: InputFile, at path: String) -> [(String, InputFile)] {
        var folders: [(String, InputFile)] = []
        // Take short names first, because most long names are digests, which say little about the
        // folder's kind.
        let names = folder.names().names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        for name in names.prefix(Self.maximumNames) {
            guard let place = MemberPath(path + name), let own = MemberPath(name) else { continue }
            switch try? folder.entry(name) {
            case .file(let size)?:
                members.insert(.file(MemberFile(path: place, size: size, location: 0)), at: place)
            case .folder?:
                if let inner = try? folder.folder(own) { folders.append(("\(place)/", inner)) }
            case .link?, .other?, nil: continue
            }
        }
        return folders
    }
}
