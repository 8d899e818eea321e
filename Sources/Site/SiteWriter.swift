// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import Store
internal import Streams

/// A step of a run that changes a site; `allCases` is the order of writing and removing.
///
/// In this order a client never finds a name whose content is missing, and a killed run leaves a
/// site that the next run finishes. The blobs are in the store before the first step.
package enum SiteStep: CaseIterable, Sendable {
    /// All folders, so that a symbolic link in place of a folder is found before any file is
    /// written.
    case folders
    /// Manifests and derived files.
    case manifests
    /// The links to blobs, and to manifests by digest.
    case contentLinks
    case tags
    /// Old files of tags on a portable site, if the tag now names a manifest of another kind.
    case staleTags
    /// The API's lists, and the file that marks an OCI layout.
    case lists
    /// Removes names that don't follow from the new index.json. They are removed before index.json
    /// is replaced, so that the next run restores them if this run ends in between.
    case staleNames
    /// content-types.json without resources that the new contents lack. content-types.json must
    /// never name images that index.json lacks, because regstatic would report index.json as
    /// damaged.
    case shorterContentTypes
    /// index.json: from now on the site has the new contents.
    case index
    case contentTypes
    case staleDerivedFiles
    /// Pages for browsers, written this late because they must name only images that clients can
    /// already pull.
    case pages
    /// Blobs and manifests that no name reaches.
    case staleContent
}

/// Files of a site to be removed, as paths from the site's folder.
struct StaleFiles {
    /// Files and links of the API.
    var names: [String] = []
    /// Blobs and copies of manifests.
    var content: [String] = []
}

/// Writes the contents of a site, with all derived files, step by step.
struct SiteWriter {
    private let store: BlobStore
    private let index: SiteIndex
    private let plan: SitePlan
    private let derived: [(folder: String?, files: [FileContent])]
    private let pages: PageChange
    private let stale: StaleFiles

    init(
        _ contents: SiteContents,
        plan: SitePlan,
        derived: Derived,
        to store: BlobStore,
        removing stale: StaleFiles
    ) {
        self.store = store
        self.plan = plan
        self.stale = stale
        index = contents.index
        self.derived = derived.files.map { ($0.ownFolder, $0.files(for: contents, plan)) }
        pages = PageChange(derived.pages, contents, plan: plan, from: store)
    }

    /// Runs all steps.
    ///
    /// - Returns: the number of files and links that changed.
    func run() throws -> Int {
        var count = 0
        for step in SiteStep.allCases {
            let changed = try run(step)
            count += changed
            // Content must be on the medium before a name leads to it.
            if step == .contentLinks, count > 0 { try folder.flush() }
            if step == .pages, count > 0 { try folder.flush() }
        }
        return count
    }

    private var folder: Folder { store.folder }
    private var derivedFiles: [FileContent] { derived.flatMap(\.files) }

    private func run(_ step: SiteStep) throws -> Int {
        switch step {
        case .folders:
            try makeFolders()
            return 0
        case .manifests:
            return try folder.write(plan.manifests.map(FileContent.init) + derivedFiles)
        case .contentLinks: return try folder.link(plan.contentLinks)
        case .tags: return try folder.link(plan.tagLinks) + folder.write(plan.tagFiles)
        case .staleTags: return try folder.remove(present: plan.staleTags)
        case .lists: return try folder.write(plan.lists + [SitePlan.ociLayout])
        case .staleNames:
            return try folder.remove(present: stale.names, emptying: SitePlan.apiFolder)
        case .shorterContentTypes: return try shortenContentTypes()
        case .index: return try folder.write([FileContent(SiteIndex.path, index.document.bytes)])
        case .contentTypes: return try folder.write([plan.contentTypes])
        case .staleDerivedFiles: return try removeStaleDerivedFiles()
        case .pages: return try PageWriter.write(pages, in: folder)
        case .staleContent: return try removeContent()
        }
    }

    private func makeFolders() throws(FileError) {
        for path in [SitePlan.manifestFolder, SitePlan.apiFolder] { try folder.makeFolders(path) }
        let links = plan.contentLinks.map(\.path) + plan.tagLinks.map(\.path)
        let files = (plan.tagFiles + plan.lists + derivedFiles).map(\.path)
        try folder.makeFolders(holding: links + files + pages.folders.map { "\($0)/" })
    }

    private func shortenContentTypes() throws(FileError) -> Int {
        let path = SitePlan.contentTypesPath
        guard let bytes = try folder.contents(path, limit: JSONLimits.list.bytes),
            let json = try? JSON(parsing: bytes, limits: .list)
        else { return 0 }
        let old = ContentTypes(json)
        let kept = old.keeping(Set(plan.resources.map(\.path)))
        guard kept.members?.count != old.count else { return 0 }
        let count = try folder.write([FileContent(path, kept.canonicalBytes)])
        try folder.flush()
        return count
    }

    /// Removes old files from folders that contain only derived files, because a file with an
    /// earlier address would mislead users.
    private func removeStaleDerivedFiles() throws(FileError) -> Int {
        var count = 0
        for (own, files) in derived {
            guard let own else { continue }
            let known = Set(files.map(\.path))
            let old = try folder.files(below: own).filter { !known.contains($0) }
            count += try folder.remove(present: old, emptying: own)
        }
        return count
    }

    private func removeContent() throws -> Int {
        guard !stale.content.isEmpty else { return 0 }
        let count = try folder.remove(present: stale.content)
        try store.forgetRecords()
        try folder.flush()
        return count
    }
}

extension FileContent {
    fileprivate init(_ manifest: SitePlan.ManifestFile) {
        self.init(SitePlan.path(manifest.digest, manifest.kind), manifest.bytes)
    }
}
