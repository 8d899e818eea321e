// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ClientKit
internal import Compression
package import OCI
package import Sources
package import Store
internal import Synchronization

/// What is wrong in a site.
package enum SiteFault: Hashable, Sendable {
    /// A blob whose bytes aren't what its name says, or that is no blob at all.
    case blob(path: String, reason: BlobFault)
    /// A manifest that is listed and can't be read.
    case manifest(Digest, String)
    /// A blob that a manifest names and the store lacks, or has in another size.
    case content(Digest, neededBy: Digest, BlobFault)
    /// A file or link of the API that is missing or not what it should be.
    case tree(path: String)

    package enum BlobFault: Hashable, Sendable {
        case missing
        case mismatch(found: Digest)
        case size(expected: Int, found: Int)
        case notADigest
        /// The medium doesn't give its bytes.
        case unreadable(String)
    }
}

/// Looks at every byte of a site and at everything drawn from it; collects all faults.
package struct SiteVerifier {
    package struct Report: Sendable {
        package var faults: [SiteFault] = []
        /// Files that nothing refers to: no fault, but space.
        package var unreferenced: [String] = []
        /// Manifests that an index names and the site never had.
        package var absent: [Digest] = []
        package var blobs = 0
        package var bytes = 0
    }

    private let site: SiteFolder
    private let store: BlobStore
    private var report = Report()
    private var graph = SiteGraph()

    private init(_ site: SiteFolder) {
        self.site = site
        store = site.store
    }

    package static func run(
        _ site: SiteFolder,
        servers: (SitePlan) -> [FileContent],
        pages: (any PageDrawing)? = nil,
        threads: Int,
        progress: any Progress
    ) throws -> Report {
        var verifier = SiteVerifier(site)
        let damaged = try verifier.hashBlobs(threads, progress)
        try verifier.walk()
        let plan = SitePlan(site.index, verifier.graph)
        try verifier.checkContent(except: damaged)
        try verifier.checkTree(plan, servers(plan))
        try verifier.findUnreferenced(plan)
        switch PageChange(pages, site.index, verifier.graph, plan, site.store) {
        case .leave: break
        case .remove: try verifier.checkPages(nil)
        case .draw(let pages): try verifier.checkPages(pages)
        }
        verifier.report.absent = verifier.graph.missing.sorted()
        return verifier.report
    }

    /// Every blob against its name, in parallel.
    ///
    /// Returns those that are wrong.
    private mutating func hashBlobs(_ threads: Int, _ progress: any Progress) throws -> Set<Digest>
    {
        var jobs: [HashJob] = []
        for name in try store.folder.names(in: Digest.blobFolder) {
            guard let digest = Digest(hex: name) else {
                let path = "\(Digest.blobFolder)/\(name)"
                report.faults.append(.blob(path: path, reason: .notADigest))
                continue
            }
            let size = try store.size(of: digest) ?? 0
            progress.expect(size)
            report.blobs += 1
            report.bytes += size
            jobs.append(HashJob(digest, size: size, store, progress))
        }
        WorkerPool.run(jobs.sorted { $0.size > $1.size }, threads: threads, recipe: .raw)
        var damaged: Set<Digest> = []
        for job in jobs {
            guard let fault = try job.fault else { continue }
            damaged.insert(job.digest)
            report.faults.append(.blob(path: job.digest.blobPath, reason: fault))
        }
        return damaged
    }

    private mutating func walk() throws {
        for entry in site.index.entries {
            do {
                try graph.load(entry.manifest, from: store)
            } catch SiteError.damagedManifest(let digest, let reason) {
                report.faults.append(.manifest(digest, reason))
            }
        }
    }

    private mutating func checkContent(except damaged: Set<Digest>) throws {
        // A manifest that once was here is no platform that never came.
        for digest in graph.missing.sorted() where try site.wasCarried(digest) {
            report.faults.append(.manifest(digest, "missing or damaged"))
        }
        for (digest, node) in graph.nodes.sorted(by: { $0.key < $1.key }) {
            for blob in node.manifest.blobs where !damaged.contains(blob.digest) {
                let size = try store.size(of: blob.digest)
                guard size != blob.size, size != nil || !blob.mediaType.isForeignLayer else {
                    continue
                }
                let fault = size.map { SiteFault.BlobFault.size(expected: blob.size, found: $0) }
                report.faults.append(
                    .content(blob.digest, neededBy: digest, fault ?? .missing)
                )
            }
        }
    }

    private mutating func checkTree(_ plan: SitePlan, _ servers: [FileContent]) throws {
        let folder = store.folder
        for manifest in plan.manifests {
            let path = SitePlan.path(manifest.digest, manifest.kind)
            let bytes = try folder.contents(path, limit: JSONLimits.document.bytes)
            if bytes.map(Digest.init(of:)) != manifest.digest {
                report.faults.append(.tree(path: path))
            }
        }
        for link in plan.contentLinks + plan.tagLinks
        where folder.linkTarget(link.path) != link.target {
            report.faults.append(.tree(path: link.path))
        }
        for path in plan.staleTags where try folder.status(path) != nil {
            report.faults.append(.tree(path: path))
        }
        let kit = plan.kit?.files ?? []
        let own = [SiteWriter.layout, plan.contentTypes]
        try check(plan.tagFiles + plan.lists + servers + kit + own)
    }

    /// Pages are drawn once more, one repository after the other.
    ///
    /// What is damaged below them was told already, and they can't be as they were without it.
    private mutating func checkPages(_ pages: PagePlan?) throws {
        var known: Set<String> = []
        var isWhole = true
        var summaries: [JSON] = []
        for repository in pages?.repositories ?? [] {
            let drawing = repository.draw()
            known.formUnion(drawing.files.map(\.path))
            summaries.append(drawing.summary)
            if drawing.isWhole { try check(drawing.files) } else { isWhole = false }
        }
        if let pages {
            let front = pages.front(summaries)
            known.formUnion((pages.fixed + front).map(\.path))
            try check(pages.fixed + (isWhole ? front : []))
        }
        report.unreferenced += try store.folder.files(below: PagePlan.folder)
            .filter { !known.contains($0) }
    }

    private mutating func check(_ files: [FileContent]) throws(FileError) {
        for file in files
        where try store.folder.contents(file.path, limit: file.bytes.count) != file.bytes {
            report.faults.append(.tree(path: file.path))
        }
    }

    private mutating func findUnreferenced(_ plan: SitePlan) throws {
        let known = plan.paths
        for root in [Digest.blobFolder, "manifests/sha256", "v2", ClientKit.folder] {
            report.unreferenced += try store.folder.files(below: root)
                .filter { !known.contains($0) }
        }
    }
}

/// Hashes one blob.
private final class HashJob: Job {
    let digest: Digest
    let size: Int
    private let store: BlobStore
    private let progress: any Progress
    private let outcome = Mutex<Result<SiteFault.BlobFault?, any Error>>(.success(nil))

    init(_ digest: Digest, size: Int, _ store: BlobStore, _ progress: any Progress) {
        self.digest = digest
        self.size = size
        self.store = store
        self.progress = progress
    }

    var isReady: Bool { true }

    var fault: SiteFault.BlobFault? {
        get throws { try outcome.withLock { try $0.get() } }
    }

    func step(_ worker: Worker) -> Step {
        do {
            try store.verify(digest, size: nil) { progress.advance($0) }
        } catch BlobError.mismatch(_, let found) {
            outcome.withLock { $0 = .success(.mismatch(found: found)) }
        } catch BlobError.missing {
            outcome.withLock { $0 = .success(.missing) }
        } catch let error as FileError {
            outcome.withLock { $0 = .success(.unreadable(error.reason)) }
        } catch {
            outcome.withLock { $0 = .failure(error) }
        }
        return .last
    }
}
