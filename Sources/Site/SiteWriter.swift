// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import Store
internal import Streams

/// The numbers of files and links that a change of a site has written or removed, without blobs.
package struct WrittenFiles: Hashable, Sendable {
    package var count = 0
    /// Those that were damaged or missing.
    package var repaired = 0
    /// Whether the run removed the site's signature, because the site has changed.
    package var isSignatureRemoved = false

    package init() {}
}

extension SiteFolder {
    /// The number of damaged or missing files and blobs that a run has written again.
    ///
    /// A missing blob counts only if the list of images stays the same, because any other blob may
    /// be part of a new image.
    func repaired(_ written: WrittenFiles, _ index: SiteIndex) -> Int {
        let blobs = store.committed
        return written.repaired
            + (index.entries == self.index.entries ? blobs.all : blobs.replaced)
    }
}

/// Writes the contents of a site, with all derived files, in the order of `SiteStep`.
///
/// First, the writer stages everything that needs space, which clients can't see yet. Then it
/// renames index.json to its place, and from that moment, the site has the new contents. Only
/// renames and removals follow, and if they fail or are interrupted, the next run repeats them.
struct SiteWriter {
    private let store: BlobStore
    private let contents: SiteContents
    private let plan: SitePlan
    private let derived: [(folder: String?, files: [FileContent])]
    private let pages: PageChange
    private let programFiles: [ProgramFile]
    private var programs: ProgramWriter
    private let records: [FileContent]
    private var staged: [SiteStep: StagedFiles] = [:]
    private var stale: [SiteStep: [String]] = [:]
    private var change: SiteChange?

    init(
        _ contents: SiteContents,
        plan: SitePlan,
        derived: Derived,
        records: [FileContent],
        to store: BlobStore
    ) {
        self.store = store
        self.contents = contents
        self.plan = plan
        self.derived = derived.files.map { ($0.ownFolder, $0.files(for: contents, plan)) }
        self.records = records
        programFiles = derived.programs
        programs = ProgramWriter(store)
        pages = PageChange(derived.pages, contents, plan: plan, from: store)
    }

    /// Stages and publishes everything.
    ///
    /// - Parameter stale: files that the new contents don't need.
    /// - Returns: the number of written files.
    /// - Throws: `NamingError` if index.json would be too large, `FileError`; until index.json has its
    ///   place, the site is as it was before.
    mutating func run(removing stale: StaleFiles) throws -> WrittenFiles {
        do {
            try stage(stale)
        } catch {
            // Remove the staged files, because the disk may be full and clients don't see these
            // files.
            try? store.clearStaging()
            try? programs.discard()
            throw error
        }
        var written = WrittenFiles()
        guard change != nil else { return written }
        // index.json names the list of all derived files. So if both stay the same, all files that
        // differ, except for records, are damaged.
        let isSameVersion = staged[.index]?.count == 0
        written.isSignatureRemoved = removesSignature
        for step in SiteStep.allCases {
            let count = try run(step)
            guard step != .staleSignatures else { continue }
            written.count += count
            // Content that no image needs isn't damage.
            let isRepair = step != .records && step != .staleContent
            if isSameVersion, isRepair { written.repaired += count }
        }
        return written
    }

    private var folder: Folder { store.folder }

    /// Whether the run removes the signature of the version that the site had before.
    private var removesSignature: Bool {
        guard let before = change?.before else { return false }
        let path = SignaturePath.of(Digest(of: before.index))
        return stale[.staleSignatures]?.contains(path) == true
    }

    // MARK: Staging

    private mutating func stage(_ stale: StaleFiles) throws {
        try makeFolders()
        let files = derived.flatMap(\.files)
        try stage(.manifests, plan.manifests.map(FileContent.init))
        try stage(.contentLinks, plan.contentLinks)
        try stage(.tags, plan.tagLinks)
        try stage(.tags, plan.tagFiles)
        try stage(.lists, plan.lists + [SitePlan.ociLayout])
        let planned = try stageContentTypes()
        try stage(.derivedFiles, files)
        try programs.stage(contents.index.programs, from: programFiles)
        var writer = PageWriter(store)
        try writer.stage(pages)
        self.stale[.stalePages] = writer.stale
        try stage(.records, records)

        let oldList = try SiteVersion.list(in: folder)
        let pageFiles = writer.files ?? oldList?.pages ?? [:]
        let others = files.digests.merging(contents.index.programs.files) { $1 }
        let list = FileList(planned.merging(others) { $1 }.merging(pageFiles) { $1 })
        var index = contents.index
        index.list = Digest(of: list.bytes)
        let after = SiteVersion(index: try index.checkedBytes(), list: list)
        try stage(.index, [FileContent(SiteIndex.path, after.index)])
        try stage(.list, [list.file])

        self.stale[.staleSignatures] = try SiteFolder.staleSignatures(in: folder, for: after.index)
        let unfinished = try SiteChange.versions(in: folder).filter { $0.index != after.index }
        try findStale(stale, before: oldList, unfinished: unfinished, list: list)
        staged[.pages] = writer.staged
        staged[.records, default: StagedFiles(store)].add(writer.records)
        let isStaged = programs.count > 0 || !staged.values.allSatisfy { $0.count == 0 }
        let isChanged = isStaged || !unfinished.isEmpty
        guard isChanged || !self.stale.values.allSatisfy(\.isEmpty) else { return }
        // Read the old version only if something changes, because a large site's index takes much
        // memory.
        let before = try SiteVersion(in: folder)
        // If this run completes an interrupted one, record the version from which the interrupted
        // run started.
        let isFinishing = before?.index == after.index
        let start = isFinishing ? unfinished.first ?? before : before
        let change = SiteChange(before: start, after: after)
        try change.begin(in: folder)
        try folder.flush()
        self.change = change
    }

    /// Finds the files to remove, which are those that the caller names and those of earlier
    /// versions.
    private mutating func findStale(
        _ known: StaleFiles,
        before: FileList?,
        unfinished: [SiteVersion],
        list: FileList
    ) throws {
        let order = RemovalOrder(contents.graph)
        let names = try known.names + unfinished.flatMap { try $0.names(in: store) }
        stale[.staleTags] = plan.staleTags
        stale[.staleNames] = order.sorted(Array(Set(names).subtracting(plan.paths)))
        stale[.staleContent] = order.sorted(known.content)
        let lists = ([before] + unfinished.map(\.list)).compactMap(\.self)
        var old = lists.flatMap(\.derivedPaths)
        for (own, files) in derived {
            guard let own else { continue }
            let present = Set(files.map(\.path))
            old += try folder.files(below: own).filter { !present.contains($0) }
        }
        stale[.staleDerivedFiles] = Set(old).filter { list.digests[$0] == nil }.sorted()
        for (step, paths) in stale {
            stale[step] = try paths.filter { (path) throws(FileError) in
                try folder.status(path) != nil
            }
        }
    }

    private mutating func stage(_ step: SiteStep, _ files: [FileContent]) throws(FileError) {
        try staged[step, default: StagedFiles(store)].add(files)
    }

    private mutating func stage(_ step: SiteStep, _ links: [LinkContent]) throws(FileError) {
        try staged[step, default: StagedFiles(store)].add(links)
    }

    private func makeFolders() throws(FileError) {
        for path in [SitePlan.manifestFolder, SitePlan.apiFolder] { try folder.makeFolders(path) }
        let links = plan.contentLinks.map(\.path) + plan.tagLinks.map(\.path)
        let files = (plan.tagFiles + plan.lists + derived.flatMap(\.files)).map(\.path)
        try folder.makeFolders(holding: links + files + pages.folders.map { "\($0)/" })
    }

    /// Stages content-types.json, and returns the digests of all files of the plan, because the
    /// content is too large to keep it in memory.
    private mutating func stageContentTypes() throws(FileError) -> [String: Digest] {
        let file = plan.contentTypes
        let digests = plan.digests(file)
        try stage(.contentTypes, [file])
        if staged[.contentTypes]?.count != 0 { try stageShorterContentTypes() }
        return digests
    }

    private mutating func stageShorterContentTypes() throws(FileError) {
        let path = SitePlan.contentTypesPath
        guard let bytes = try folder.contents(path, limit: JSONLimits.list.bytes),
            let shorter = plan.shortened(contentTypes: bytes)
        else { return }
        try stage(.shorterContentTypes, [FileContent(path, shorter)])
    }

    // MARK: Publishing

    private mutating func run(_ step: SiteStep) throws(FileError) -> Int {
        var count = try staged.removeValue(forKey: step)?.publish() ?? 0
        if step == .programs { count += try programs.publish() }
        let paths = stale[step] ?? []
        if !paths.isEmpty {
            if step == .staleContent {
                // Flush first, so that names are removed from the medium before their content.
                try folder.flush()
                count += try folder.remove(present: paths)
            } else {
                count += try folder.removeEmptying(paths)
            }
        }
        switch step {
        // Flush, because content-types.json must not name images that index.json lacks, even after
        // a power failure.
        case .shorterContentTypes where count > 0: try folder.flush()
        case .index: try folder.flush()
        case .staleSignatures: folder.removeFolder(SignaturePath.folder)
        case .staleDerivedFiles: folder.removeFolder(SitePrograms.folder)
        case .stalePages: folder.removeFolder(PagePlan.folder)
        case .records:
            try folder.flush()
            try change?.end(in: folder)
            ProgramWriter.clear(store)
        default: break
        }
        return count
    }
}

extension FileContent {
    fileprivate init(_ manifest: SitePlan.ManifestFile) {
        self.init(SitePlan.path(manifest.digest, manifest.kind), manifest.bytes)
    }
}
