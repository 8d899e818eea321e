// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Streams

/// A folder whose subfolders contain OCI layouts, such as the storage of zot or olareg.
struct LayoutsFolder: MemberSource {
    private(set) var members = MemberTable()
    private(set) var unread: [UnreadPath] = []
    private var links: [MemberPath] = []
    /// The folders with a layout directly in them.
    private var layoutParents: Set<String> = []
    private let folder: InputFile
    var sample: any MemberSource { FolderSample(folder) }

    /// Lists the files of all layouts, and the files beside them; nil if there is no layout.
    init?(_ folder: InputFile) throws(ArchiveError) {
        self.folder = folder
        var isFound = false
        var count = 0
        var level = try content(of: folder, at: nil, isInLayout: false)
        while !level.isEmpty {
            var next: [Place] = []
            for place in level {
                count += 1
                guard count <= Self.maximumFolders else {
                    guard isFound else { return nil }
                    throw .limit(what: "folders", limit: Self.maximumFolders)
                }
                guard let inner = open(place) else { continue }
                let isLayout = try Self.isLayout(inner)
                if isLayout {
                    isFound = true
                    layoutParents.insert(Self.parent(of: place.path))
                    try add(try LayoutFolder(inner), at: place.path)
                }
                next += try content(
                    of: inner,
                    at: place.path,
                    isInLayout: isLayout || place.isInLayout
                )
            }
            level = next
        }
        guard isFound else { return nil }
        // Count a link beside a layout as unread, because it probably leads to another layout.
        unread += links.filter { layoutParents.contains(Self.parent(of: $0)) }
            .map { UnreadPath(path: $0.description, error: .link($0.description)) }
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }

    /// A folder below the root.
    private struct Place {
        let path: MemberPath
        /// Whether this folder is in a layout, so that its files aren't beside the layouts.
        let isInLayout: Bool
    }

    /// The maximum number of folders, as many as a site can have names.
    private static let maximumFolders = 100_000

    private static func isLayout(_ folder: InputFile) throws(ArchiveError) -> Bool {
        guard case .file? = try folder.entry(OCILayout.path) else { return false }
        if try folder.entry("oci-layout") != nil { return true }
        return try folder.entry("blobs") == .folder
    }

    private static func parent(of path: MemberPath) -> String {
        path.components.dropLast().joined(separator: "/")
    }

    private mutating func open(_ place: Place) -> InputFile? {
        do throws(ArchiveError) { return try folder.folder(place.path) } catch {
            unread.append(UnreadPath(path: place.path.description, error: error))
            return nil
        }
    }

    /// Lists the folders in a folder, and adds the files that belong to no layout.
    ///
    /// Hidden files and folders are skipped, because they contain unfinished work, such as `.sync`
    /// of zot.
    private mutating func content(
        of folder: InputFile,
        at place: MemberPath?,
        isInLayout: Bool
    ) throws(ArchiveError) -> [Place] {
        let (names, failure) = folder.names()
        if let failure {
            unread.append(UnreadPath(path: place?.description ?? ".", error: failure))
        }
        var folders: [Place] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            guard let path = MemberPath("\(place.map { "\($0)/" } ?? "")\(name)") else { continue }
            switch try folder.entry(name) {
            case .folder? where isInLayout && name == "blobs": continue
            case .folder?: folders.append(Place(path: path, isInLayout: isInLayout))
            case .file(let size)? where !isInLayout:
                try insert(MemberFile(path: path, size: size, location: 0))
            case .link? where !isInLayout:
                try checkCount()
                links.append(path)
            case .file?, .link?, .other?, nil: continue
            }
        }
        return folders
    }

    private mutating func add(_ layout: LayoutFolder, at prefix: MemberPath) throws(ArchiveError) {
        for (path, file) in layout.members.files {
            guard let place = MemberPath("\(prefix)/\(path)") else { continue }
            try insert(MemberFile(path: place, size: file.size, location: 0))
        }
        for (path, target) in layout.members.symbolicLinks {
            guard let place = MemberPath("\(prefix)/\(path)") else { continue }
            members.insert(.symbolicLink(target), at: place)
        }
        unread += layout.unread.map {
            UnreadPath(path: "\(prefix)/\($0.path)", error: $0.error)
        }
    }

    private mutating func insert(_ file: MemberFile) throws(ArchiveError) {
        try checkCount()
        members.insert(.file(file), at: file.path)
    }

    private func checkCount() throws(ArchiveError) {
        guard members.count + links.count + unread.count < ArchiveListing.maximumMembers else {
            throw .limit(what: "members", limit: ArchiveListing.maximumMembers)
        }
    }
}
