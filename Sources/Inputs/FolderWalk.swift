// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive

/// A path that exists in an input but can't be read, so that its content is unknown.
struct UnreadPath: Sendable {
    let path: String
    let error: ArchiveError
}

/// Collects the files below a folder, up to limits.
///
/// A read error doesn't end the walk, because the rest of the folder is still useful. The error is
/// collected in `unread`, so that the input doesn't count as completely read.
struct FolderWalk {
    private(set) var members = MemberTable()
    private(set) var unread: [UnreadPath] = []
    private let skipped: Set<String>
    private let keepsLink: @Sendable (MemberPath) -> Bool
    /// Whether to keep exactly the links whose target is inside the folder, without asking
    /// `keepsLink`.
    var keepsInnerLinks = false

    /// Creates a walk that skips files and folders with the names in `skipped`.
    ///
    /// The walk never follows a link on disk. A link that `keepsLink` accepts becomes a member, and
    /// its target is looked up only among the members. Any other link counts as unread.
    init(
        skipping skipped: Set<String> = [],
        keepsLink: @escaping @Sendable (MemberPath) -> Bool = { _ in false }
    ) {
        self.skipped = skipped
        self.keepsLink = keepsLink
    }

    /// Adds the targets of all links among the members, including links that this function adds.
    ///
    /// - Throws: `ArchiveError.limit`.
    mutating func addLinkTargets(in root: InputFile) throws(ArchiveError) {
        var known: Set<MemberPath> = []
        while true {
            let targets = members.symbolicLinks.compactMap { link in
                link.path.following(symbolicLink: link.target)
            }
            let new = Set(targets).subtracting(known)
            guard !new.isEmpty else { return }
            for path in new.sorted(by: { $0.description < $1.description }) {
                known.insert(path)
                if members[path] == nil { try add(path.description, in: root) }
            }
        }
    }

    /// The maximum number of levels, more than the longest repository name can have.
    static let maximumDepth = 160

    /// Adds a file below the root, or a folder with everything in it; ignores a missing path.
    ///
    /// - Throws: `ArchiveError.limit`.
    mutating func add(_ text: String, in root: InputFile) throws(ArchiveError) {
        guard let path = MemberPath(text), let name = path.components.last else { return }
        let above = MemberPath(path.components.dropLast().joined(separator: "/"))
        do throws(ArchiveError) {
            guard let parent = try above.map(root.folder) ?? root else { return }
            try add(String(name), of: parent, at: path, depth: 0)
        } catch {
            if case .limit = error { throw error }
            unread.append(UnreadPath(path: path.description, error: error))
        }
    }

    private mutating func add(
        _ name: String,
        of folder: InputFile,
        at path: MemberPath,
        depth: Int
    ) throws(ArchiveError) {
        guard depth < Self.maximumDepth else {
            throw .limit(what: "folders in folders", limit: Self.maximumDepth)
        }
        guard members.count + unread.count < ArchiveListing.maximumMembers else {
            throw .limit(what: "members", limit: ArchiveListing.maximumMembers)
        }
        do throws(ArchiveError) {
            switch try folder.entry(name) {
            case .file(let size):
                members.insert(.file(MemberFile(path: path, size: size, location: 0)), at: path)
            case .folder:
                guard let own = MemberPath(name), let inner = try folder.folder(own) else { return }
                try addContent(of: inner, at: path, depth: depth + 1)
            case .link:
                let target = try folder.linkTarget(name)
                let isInner =
                    !target.hasPrefix("/") && path.following(symbolicLink: target) != nil
                guard keepsInnerLinks ? isInner : keepsLink(path) else {
                    throw .link(path.description)
                }
                members.insert(.symbolicLink(target), at: path)
            case .other, nil: return
            }
        } catch {
            if case .limit = error { throw error }
            unread.append(UnreadPath(path: path.description, error: error))
        }
    }

    private mutating func addContent(
        of folder: InputFile,
        at path: MemberPath,
        depth: Int
    ) throws(ArchiveError) {
        let (names, failure) = folder.names()
        if let failure { unread.append(UnreadPath(path: path.description, error: failure)) }
        for name in names.sorted() where !skipped.contains(name) && !MemberPath.isLitter(name) {
            guard let below = MemberPath("\(path)/\(name)") else { continue }
            try add(name, of: folder, at: below, depth: depth)
        }
    }
}
