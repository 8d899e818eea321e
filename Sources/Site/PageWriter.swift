// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI
internal import Store
internal import Streams

/// Stages the planned pages of a site, and renders only pages whose inputs have changed.
struct PageWriter {
    private let store: BlobStore
    private var fresh = PageCache()
    private var summaries: [JSON] = []
    private var digests: [String: Digest] = [:]

    private(set) var staged: StagedFiles
    /// Pages that must be removed from the site.
    private(set) var stale: [String] = []
    /// The staged files that the next run needs, which are the user's template and the record of
    /// the pages.
    private(set) var records: StagedFiles
    /// All pages that the site will have, with their digests; nil to leave the pages as they are.
    private(set) var files: [String: Digest]?

    init(_ store: BlobStore) {
        self.store = store
        staged = StagedFiles(store)
        records = StagedFiles(store)
    }

    private var folder: Folder { store.folder }

    /// Stages the pages, and finds pages that must be removed.
    mutating func stage(_ change: PageChange) throws(FileError) {
        switch change {
        case .leave: return
        case .remove: try findAll()
        case .draw(let plan, let failures): try stage(plan, failures)
        }
        files = digests
    }

    private mutating func stage(_ plan: PagePlan, _ failures: ReadFailures) throws(FileError) {
        let record = try PageCache(folder)
        try put(plan.fixed)
        for repository in plan.repositories {
            try stage(repository, record[repository.name])
            // Fail here; otherwise the run would succeed with a page that lacks the unread
            // document.
            if let error = failures.first { throw error }
        }
        // Stage the front page last, so that it links only to pages that exist.
        try put(plan.front(summaries))
        stale = try folder.files(below: PagePlan.folder).filter { digests[$0] == nil }
        try stage(template: plan.template)
        try records.add([fresh.file])
    }

    private mutating func stage(
        _ repository: PagePlan.Repository,
        _ old: PageCache.Entry?
    ) throws(FileError) {
        if let old, old.inputs == repository.inputs, try areThere(old.files) {
            digests.merge(old.files) { $1 }
            fresh[repository.name] = old
            summaries.append(old.summary)
            return
        }
        let drawing = repository.draw()
        let entry = PageCache.Entry(repository.inputs, drawing)
        summaries.append(drawing.summary)
        try staged.add(drawing.files)
        digests.merge(entry.files) { $1 }
        if drawing.isWhole { fresh[repository.name] = entry }
    }

    private func areThere(_ files: [String: Digest]) throws(FileError) -> Bool {
        for (path, digest) in files {
            let bytes = try folder.contents(path, limit: PageCache.pageLimit)
            guard bytes.map(Digest.init(of:)) == digest else { return false }
        }
        return true
    }

    private mutating func put(_ files: [FileContent]) throws(FileError) {
        try folder.makeFolders(holding: files.map(\.path))
        try staged.add(files)
        digests.merge(files.digests) { $1 }
    }

    private mutating func stage(template: [FileContent]) throws(FileError) {
        try folder.makeFolders(holding: template.map(\.path))
        try records.add(template)
        let kept = Set(template.map(\.path))
        stale += try folder.files(below: PagePlan.templateFolder).filter { !kept.contains($0) }
    }

    /// Finds all pages that regstatic made, but not an `index.html` by another author.
    private mutating func findAll() throws(FileError) {
        stale = try folder.files(below: PagePlan.folder) + [PageCache.path]
        if let front = try folder.contents(PagePlan.frontPath, limit: PageCache.pageLimit),
            String(decoding: front, as: UTF8.self).contains(PagePlan.mark)
        {
            stale.insert(PagePlan.frontPath, at: 0)
        }
    }
}
