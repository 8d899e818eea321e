// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI
internal import Store
internal import Streams

/// Writes a site's pages as planned, and renders only those whose inputs have changed.
struct PageWriter {
    private let folder: Folder
    private var record: PageCache
    private var fresh = PageCache()
    private var waiting: [FileContent] = []
    private var known: Set<String> = []
    private var summaries: [JSON] = []
    private var count = 0

    private init(_ folder: Folder) throws(FileError) {
        self.folder = folder
        record = try PageCache(folder)
    }

    /// Writes the pages, and deletes those that the site no longer has.
    ///
    /// - Returns: how many files changed.
    static func write(_ change: PageChange, in folder: Folder) throws(FileError) -> Int {
        switch change {
        case .leave: return 0
        case .remove: return try clear(folder)
        case .draw(let plan, let failures):
            var writer = try PageWriter(folder)
            try writer.write(plan, failures)
            return writer.count
        }
    }

    private mutating func write(_ plan: PagePlan, _ failures: ReadFailures) throws(FileError) {
        try put(plan.fixed)
        for repository in plan.repositories {
            try write(repository)
            // Fail here; otherwise the run would succeed with a page that lacks the unread
            // document.
            if let error = failures.first { throw error }
        }
        try flush()
        let front = plan.front(summaries)
        known.formUnion(front.map(\.path))
        // Write the front page last, so that it links only to pages that exist.
        count += try write(front)
        let old = try folder.files(below: PagePlan.folder).filter { !known.contains($0) }
        count += try folder.remove(present: old, emptying: PagePlan.folder)
        try keepTemplate(plan.template)
        try folder.write([fresh.file], flushing: false)
    }

    private mutating func write(_ repository: PagePlan.Repository) throws(FileError) {
        if let old = record[repository.name], old.inputs == repository.inputs,
            try areThere(old.files)
        {
            known.formUnion(old.files.keys)
            fresh[repository.name] = old
            summaries.append(old.summary)
            return
        }
        let drawing = repository.draw()
        summaries.append(drawing.summary)
        try put(drawing.files)
        guard drawing.isWhole else { return }
        fresh[repository.name] = PageCache.Entry(repository.inputs, drawing)
    }

    private func areThere(_ files: [String: Digest]) throws(FileError) -> Bool {
        for (path, digest) in files {
            let bytes = try folder.contents(path, limit: PageCache.pageLimit)
            guard bytes.map(Digest.init(of:)) == digest else { return false }
        }
        return true
    }

    private mutating func put(_ files: [FileContent]) throws(FileError) {
        known.formUnion(files.map(\.path))
        waiting += files
        if waiting.reduce(0, { $0 + $1.bytes.count }) > Self.batch { try flush() }
    }

    private mutating func flush() throws(FileError) {
        count += try write(waiting)
        waiting = []
    }

    private func write(_ files: [FileContent]) throws(FileError) -> Int {
        try folder.makeFolders(holding: files.map(\.path))
        return try folder.write(files)
    }

    /// How many bytes wait in memory before they are written and flushed together.
    private static let batch = 8 << 20

    private func keepTemplate(_ template: [FileContent]) throws(FileError) {
        try folder.makeFolders(holding: template.map(\.path))
        try folder.write(template, flushing: false)
        let kept = Set(template.map(\.path))
        let old = try folder.files(below: PagePlan.templateFolder).filter { !kept.contains($0) }
        _ = try folder.remove(present: old, emptying: BlobStore.state)
    }

    /// Deletes regstatic's own pages, but keeps an `index.html` from another author.
    private static func clear(_ folder: Folder) throws(FileError) -> Int {
        let pages = try folder.files(below: PagePlan.folder)
        var count = 0
        if let front = try folder.contents(PagePlan.frontPath, limit: PageCache.pageLimit),
            String(decoding: front, as: UTF8.self).contains(PagePlan.mark)
        {
            count += try folder.remove(present: [PagePlan.frontPath])
        }
        count += try folder.remove(present: pages, emptying: PagePlan.folder)
        folder.removeFolder(PagePlan.folder)
        _ = try folder.remove(present: [PageCache.path])
        return count
    }
}
