// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Compression
package import OCI
package import Inputs
internal import Store
internal import Streams

/// Checks every byte of a site and all derived files, and collects all faults.
package struct SiteVerifier {
    package struct Report: Sendable {
        package var faults: [SiteFault] = []
        /// Unreferenced files, which are not faults but waste space.
        package var unreferenced: [String] = []
        /// Manifests that an index lists but that the site never had.
        package var absent: [Digest] = []
        package var blobs = 0
        package var bytes = 0
        fileprivate var reported: Set<SiteFault> = []
    }

    private let site: SiteFolder
    private let store: BlobStore
    private var report = Report()
    private var graph = SiteGraph()
    /// Manifests that the site once had and has lost.
    private var lost: Set<Digest> = []

    private init(_ site: SiteFolder) {
        self.site = site
        store = site.store
    }

    /// Checks everything; if links replace any of the site's folders, reports only the links.
    ///
    /// - Throws: `FileError` if the site's folder can't be accessed. Unreadable files below it are
    ///   faults in the report.
    package static func run(
        _ site: SiteFolder,
        derived: @autoclosure () throws -> Derived,
        threads: Int,
        progress: any Progress
    ) throws -> Report {
        var verifier = SiteVerifier(site)
        let links = try SiteFolder.links(in: site.store.folder)
        guard links.isEmpty else {
            verifier.report.faults = links.map(SiteFault.link)
            return verifier.report
        }
        try verifier.walk()
        let damaged = try verifier.hashBlobs(threads, progress)
        let contents = SiteContents(site.index, verifier.graph)
        let plan = SitePlan(contents)
        let derived = try derived()
        let files = derived.files.map { ($0.ownFolder, $0.files(for: contents, plan)) }
        try verifier.checkContent(except: damaged)
        try verifier.checkTree(plan, files.flatMap(\.1))
        verifier.findUnreferenced(plan, files)
        switch PageChange(derived.pages, contents, plan: plan, from: site.store) {
        case .leave: break
        case .remove: try verifier.checkPages(nil, ReadFailures())
        case .draw(let pages, let failures): try verifier.checkPages(pages, failures)
        }
        verifier.report.absent = verifier.graph.missing.subtracting(verifier.lost).sorted()
        return verifier.report
    }

    /// Reads from the medium, and reports a read error as a fault; the same fault is reported only
    /// once.
    ///
    /// - Returns: nil if reading failed.
    private mutating func looking<Value>(
        _ body: () throws(FileError) -> Value
    ) -> Value? {
        do throws(FileError) { return try body() } catch {
            let root = store.folder.absolute("")
            let path =
                error.path.hasPrefix(root) ? String(error.path.dropFirst(root.count)) : error.path
            report.add(
                error.isLink
                    ? .link(path: path) : .unreadable(path: path, reason: error.reason)
            )
            return nil
        }
    }

    private mutating func walk() throws {
        var unreadable: [(Digest, FileError)] = []
        for entry in site.index.entries {
            do {
                try graph.load(entry.manifest, from: store) { digest, error in
                    unreadable.append((digest, error))
                }
            } catch SiteDamage.manifest(let digest, let damage) {
                report.add(.manifest(digest, damage))
            } catch let error as FileError {
                unreadable.append((entry.manifest.digest, error))
            }
        }
        for (digest, error) in unreadable {
            report.add(.unreadable(path: digest.blobPath, reason: error.reason))
        }
    }

    /// Hashes every blob in parallel, and compares the digest with the file name.
    ///
    /// Besides the files that the folder lists, it checks all blobs that manifests name, because a
    /// failing medium may not list every file.
    ///
    /// Returns the damaged blobs.
    private mutating func hashBlobs(_ threads: Int, _ progress: any Progress) throws -> Set<Digest>
    {
        var digests = Set(graph.nodes.keys).union(site.index.entries.map(\.manifest.digest))
        digests.formUnion(graph.nodes.values.flatMap(\.blobs).map(\.digest))
        let store = store
        for name in looking({ () throws(FileError) in
            try store.folder.names(in: Digest.blobFolder)
        }) ?? [] {
            guard let digest = Digest(hex: name) else {
                let path = "\(Digest.blobFolder)/\(name)"
                report.add(.blob(path: path, reason: .notADigest))
                continue
            }
            digests.insert(digest)
        }
        var jobs: [HashJob] = []
        for digest in digests.sorted() {
            let found = looking { () throws(FileError) in try store.folder.status(digest.blobPath) }
            // A missing blob is reported later, as a fault of the manifest that needs it.
            guard let found = found ?? nil else { continue }
            var size = 0
            if case .file(let bytes) = found { size = bytes }
            progress.expect(size)
            report.blobs += 1
            report.bytes += size
            jobs.append(HashJob(digest, size: size, store: store, progress: progress))
        }
        WorkerPool.run(jobs.sorted { $0.size > $1.size }, threads: threads, recipe: .raw)
        var damaged: Set<Digest> = []
        for job in jobs {
            guard let fault = try job.fault else { continue }
            damaged.insert(job.digest)
            report.add(.blob(path: job.digest.blobPath, reason: fault))
        }
        return damaged
    }

    private mutating func checkContent(except damaged: Set<Digest>) throws {
        let (site, store, missing) = (site, store, graph.missing)
        // A missing manifest is damage only if the site once had it; otherwise its platform was
        // never saved.
        lost = Set(
            looking({ () throws(FileError) in try site.carried(among: missing) }) ?? []
        )
        for digest in lost.sorted() { report.add(.manifest(digest, .lost)) }
        for (digest, node) in graph.nodes.sorted(by: { $0.key < $1.key }) {
            for blob in node.manifest.blobs where !damaged.contains(blob.digest) {
                let found = looking { () throws(FileError) in try store.size(of: blob.digest) }
                guard let size = found, size != blob.size else { continue }
                guard size != nil || !blob.mediaType.isForeignLayer else { continue }
                let fault = size.map { SiteFault.BlobFault.size(expected: blob.size, found: $0) }
                report.add(.content(blob.digest, neededBy: digest, fault ?? .missing))
            }
        }
        let copies = looking { () throws(FileError) in
            try store.folder.names(in: SitePlan.manifestFolder)
        }
        if report.blobs == 0, copies?.isEmpty == false { report.add(.noBlobs) }
    }

    private mutating func checkTree(_ plan: SitePlan, _ derived: [FileContent]) throws {
        let folder = store.folder
        for manifest in plan.manifests {
            let path = SitePlan.path(manifest.digest, manifest.kind)
            let found = looking { () throws(FileError) in
                try folder.contents(path, limit: JSONLimits.document.bytes)
            }
            guard let bytes = found else { continue }
            if bytes.map(Digest.init(of:)) != manifest.digest { report.add(.tree(path: path)) }
        }
        for link in plan.contentLinks + plan.tagLinks {
            let found = looking { () throws(FileError) in try folder.linkTarget(link.path) }
            guard let target = found else { continue }
            if target != link.target { report.add(.tree(path: link.path)) }
        }
        for path in plan.staleTags {
            let found = looking { () throws(FileError) in try folder.status(path) }
            if case .some(.some) = found { report.add(.tree(path: path)) }
        }
        check(plan.tagFiles + plan.lists + derived + [SitePlan.ociLayout, plan.contentTypes])
    }

    /// Renders the pages again, one repository at a time, and compares them.
    ///
    /// Pages that depend on damaged documents can't be compared; the damage itself is already
    /// reported.
    private mutating func checkPages(_ pages: PagePlan?, _ failures: ReadFailures) throws {
        var known: Set<String> = []
        var isWhole = true
        var summaries: [JSON] = []
        for repository in pages?.repositories ?? [] {
            let drawing = repository.draw()
            known.formUnion(drawing.files.map(\.path))
            summaries.append(drawing.summary)
            if drawing.isWhole { check(drawing.files) } else { isWhole = false }
        }
        if let pages {
            let front = pages.front(summaries)
            known.formUnion((pages.fixed + front).map(\.path))
            check(pages.fixed + (isWhole ? front : []))
        }
        // Pages weren't compared if they couldn't be rendered, so report why.
        if let error = failures.first {
            _ = looking { () throws(FileError) in throw error }
        }
        findUnreferenced(below: PagePlan.folder, known)
    }

    private mutating func check(_ files: [FileContent]) {
        let folder = store.folder
        for file in files {
            let found = looking { () throws(FileError) in
                try folder.contents(file.path, limit: file.bytes.count)
            }
            guard let bytes = found else { continue }
            if bytes != file.bytes { report.add(.tree(path: file.path)) }
        }
    }

    private mutating func findUnreferenced(
        _ plan: SitePlan,
        _ derived: [(folder: String?, files: [FileContent])]
    ) {
        // The content that belongs to an unreadable manifest is unknown, so it would count as
        // unreferenced.
        let isUnknown = report.faults.contains { fault in
            switch fault {
            case .manifest, .unreadable: true
            default: false
            }
        }
        guard !isUnknown else { return }
        let known = plan.paths
        for root in [Digest.blobFolder, SitePlan.manifestFolder, SitePlan.apiFolder] {
            findUnreferenced(below: root, known)
        }
        for (folder, files) in derived {
            if let folder { findUnreferenced(below: folder, Set(files.map(\.path))) }
        }
    }

    private mutating func findUnreferenced(below root: String, _ known: Set<String>) {
        let folder = store.folder
        let files = looking { () throws(FileError) in try folder.files(below: root) }
        let reported = report.reported
        report.unreferenced += (files ?? [])
            .filter { !known.contains($0) && !reported.contains(.link(path: $0)) }
    }
}

extension SiteVerifier.Report {
    /// Adds a fault; a fault that many files share is reported only once.
    fileprivate mutating func add(_ fault: SiteFault) {
        if reported.insert(fault).inserted { faults.append(fault) }
    }
}
