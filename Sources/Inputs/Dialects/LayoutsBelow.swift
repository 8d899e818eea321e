// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel

/// OCI layouts in folders of an input.
///
/// Either the input is the storage of a registry (zot, olareg), with a layout for each repository
/// and therefore only tags in each layout, or the input is a package that has a layout beside other
/// files (Zarf).
struct LayoutsBelow {
    private(set) var found = FoundImages()
    /// Whether the input is a registry's storage, so that the folder of a layout is its repository.
    private let isRoot: Bool
    /// The root of the registry's storage; the names of repositories are paths relative to this
    /// folder.
    private let root: String

    /// Nil if no folder has a layout.
    init?(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        let folders = Self.folders(in: source.members)
        guard !folders.isEmpty else { return nil }
        let split = Self.split(source.members, by: folders)
        root = Self.root(split.beside)
        let skipped = split.beside.filter { !Self.isNote($0) }
        isRoot = folders.count > 1 || skipped.isEmpty
        found.skipped.files = skipped.map(\.path.description)
        for (folder, members) in split.layouts.sorted(by: { $0.key < $1.key }) {
            do throws(SourceFault) {
                let layout = Unwrapped(source, members: members)
                guard let drafts = try EngineDrafts(layout, selection) else { continue }
                add(drafts.found, in: try Self.place(of: layout))
            } catch .noImages {
                continue  // zot keeps the empty layout of a repository whose images were deleted.
            } catch .siteIndex(let error, _) {
                let isFolder = source.sample is FolderSample
                found.faults.append((folder, .siteIndex(error, isFolder: isFolder)))
            } catch {
                found.faults.append((folder, error))
            }
        }
        guard !found.drafts.isEmpty || !found.faults.isEmpty else { throw .noImages }
    }

    /// Finds the folders with an `index.json` and blobs.
    static func folders(in members: MemberTable) -> Set<String> {
        let files = members.files.map(\.path.components)
        let listed = files.filter { $0.count > 1 && $0.last == OCILayout.path[...] }
            .map { $0.dropLast() }
        let marked = files.compactMap { path in
            path.last == "oci-layout"
                ? path.dropLast()
                : path.suffix(3).starts(with: ["blobs", "sha256"])
                    ? path.dropLast(3) : nil
        }
        return Set(listed.map(text)).intersection(marked.map(text))
            .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
    }

    private static func text(_ folder: ArraySlice<Substring>) -> String {
        folder.joined(separator: "/")
    }

    /// Assigns each file to the innermost layout that contains it.
    private static func split(
        _ members: MemberTable,
        by folders: Set<String>
    ) -> (layouts: [String: MemberTable], beside: [MemberFile]) {
        var layouts: [String: MemberTable] = [:]
        var beside: [MemberFile] = []
        func add(_ member: Member, at path: MemberPath) {
            let components = path.components
            let length = (1..<components.count).reversed()
                .first { folders.contains(text(components[..<$0])) }
            if let length, let inner = MemberPath(text(components[length...])) {
                layouts[text(components[..<length]), default: MemberTable()]
                    .insert(member, at: inner)
            } else if case .file(let file) = member {
                beside.append(file)
            }
        }
        // `files` includes hard links, because zot uses them to store a blob in several
        // repositories.
        for (path, file) in members.files { add(.file(file), at: path) }
        for (path, target) in members.symbolicLinks { add(.symbolicLink(target), at: path) }
        return (layouts, beside)
    }

    /// The folder of a layout in the input, with the wrapping folders that were removed, because a
    /// wrapping folder may be a part of all names: `team/a`, `team/b`.
    private static func place(of layout: Unwrapped) throws(SourceFault) -> String {
        let index = try layout.file(OCILayout.path, neededBy: "the archive")
        return text(index.path.components.dropLast())
    }

    /// The folder that contains zot's databases, which zot keeps in the root of its storage.
    private static func root(_ beside: [MemberFile]) -> String {
        beside.map(\.path).filter(isDatabase).map { text($0.components.dropLast()) }
            .min { $0.utf8.count < $1.utf8.count } ?? ""
    }

    private static func isDatabase(_ path: MemberPath) -> Bool {
        ["cache.db", "meta.db"].contains(path.components.last)
    }

    /// Whether a file beside the layouts has only internal data of a program, such as `cache.db`
    /// and `_trivy/` of zot.
    private static func isNote(_ file: MemberFile) -> Bool {
        let components = file.path.components
        return isDatabase(file.path)
            || components.contains { $0.hasPrefix(".") || $0.hasPrefix("_") }
    }

    private func repository(_ folder: String) -> RepositoryName? {
        guard isRoot else { return nil }
        guard !root.isEmpty, folder.hasPrefix("\(root)/") else { return RepositoryName(folder) }
        return RepositoryName(String(folder.dropFirst(root.count + 1)))
    }

    private mutating func add(_ layout: FoundImages, in folder: String) {
        let repository = repository(folder)
        var counts: [Digest: Int] = [:]
        for case .served(let graph, _) in layout.drafts {
            for digest in graph.known { counts[digest, default: 0] += 1 }
        }
        found.drafts += layout.drafts.compactMap { draft in
            // Skip untagged children of indexes, because zot lists them separately, too.
            if case .served(let graph, []) = draft, counts[graph.root.digest] != 1 { return nil }
            return repository.map(draft.inRepository) ?? draft
        }
        found.missing.add(layout.missing) { "\(folder): \($0)" }
        found.faults += layout.faults.map { ("\(folder): \($0.image ?? "a manifest")", $0.fault) }
    }
}

extension ImageDraft {
    /// Returns the image with a name in this repository, if the layout gives the image only a tag
    /// or no name.
    fileprivate func inRepository(_ repository: RepositoryName) -> ImageDraft {
        let named = names.map { name in
            if case .tag(let tag) = name { ImageName.served(repository, tag) } else { name }
        }
        let all = named.isEmpty ? [.served(repository, nil)] : named
        return switch self {
        case .served(let graph, _): .served(graph, all)
        case .made(let parts, _): .made(parts, all)
        }
    }
}
