// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import Compression
package import OCI
package import Inputs
internal import Store
internal import Streams

/// Checks every byte of a site, and collects all faults.
///
/// index.json determines the blobs, the manifests and the API, and it names the list with the
/// digests of all other files. So `verify` needn't render any file to compare it.
package struct SiteVerifier {
    package struct Report: Sendable {
        package var faults: [SiteFault] = []
        /// Whether a run was interrupted while it published a change, so that the next run must
        /// complete the change.
        ///
        /// Each file that differs has the content of the version before the change or after it.
        package var isUnfinished = false
        /// Unreferenced files, which take up space, but are not faults.
        package var unreferenced: [String] = []
        /// Manifests that an index lists, but that the site never had.
        package var absent: [Digest] = []
        /// The images that clients can't pull without internet access.
        package var foreign: [ForeignLayers] = []
        /// The images that need the subject of a fault (`SiteFault.subject`), by their names.
        package var images: [Digest: [String]] = [:]
        /// The input files of the images that need the subject of any fault, sorted.
        package var inputs: [String] = []
        package var blobs = 0
        package var bytes = 0
        var reported: Set<SiteFault> = []
    }

    let site: SiteFolder
    let store: BlobStore
    var report = Report()
    var graph = SiteGraph()
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
        try verifier.checkContent(except: damaged)
        try verifier.checkTree()
        verifier.report.images = verifier.images()
        verifier.report.inputs = verifier.inputs()
        verifier.report.absent = verifier.graph.missing.subtracting(verifier.lost).sorted()
        verifier.report.foreign = verifier.graph.foreignLayers(of: site.index.entries)
        return verifier.report
    }

    /// Runs a function that reads from the medium, and reports a read error as a fault, each fault
    /// only once.
    ///
    /// - Returns: nil if reading failed.
    mutating func looking<Value>(
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
        var damaged: [(Digest, ManifestDamage)] = []
        for entry in site.index.entries {
            do {
                try graph.load(entry.manifest, from: store) { digest, error in
                    unreadable.append((digest, error))
                }
            } catch SiteDamage.manifest(let digest, let damage) {
                damaged.append((digest, damage))
            } catch let error as FileError {
                unreadable.append((entry.manifest.digest, error))
            }
        }
        for (digest, damage) in damaged {
            report.add(.manifest(digest, damage, images: images(with: digest)))
        }
        for (digest, error) in unreadable {
            report.add(.unreadable(path: digest.blobPath, reason: error.reason))
        }
    }

    /// The names of the images that need the subject of a fault.
    private func images() -> [Digest: [String]] {
        let subjects = Set(report.faults.compactMap(\.subject))
        guard !subjects.isEmpty else { return [:] }
        var images: [Digest: [String]] = [:]
        for entry in site.index.entries {
            let root = entry.manifest.digest
            var needed = subjects.intersection([root])
            for node in graph.manifests(below: root).compactMap({ graph.nodes[$0] }) {
                let parts = node.blobs + node.manifest.manifests + [node.descriptor]
                needed.formUnion(parts.map(\.digest).filter(subjects.contains))
            }
            for digest in needed { images[digest, default: []].append(entry.name) }
        }
        return images
    }

    /// The input files of all images that a fault concerns.
    private mutating func inputs() -> [String] {
        let names = Set(report.faults.flatMap { report.images(of: $0) })
        guard !names.isEmpty else { return [] }
        let site = site
        guard let cache = looking({ () throws(FileError) in try site.inputs() }) else { return [] }
        return cache.inputs(of: site.index.entries.filter { names.contains($0.name) })
    }

    /// The names of the images that need a manifest.
    private func images(with digest: Digest) -> [String] {
        let parents = Set(
            graph.nodes.filter { $0.value.manifest.manifests.contains { $0.digest == digest } }.keys
        )
        return site.index.entries
            .filter { entry in
                let root = entry.manifest.digest
                return root == digest || !parents.isDisjoint(with: graph.manifests(below: root))
            }
            .map(\.name)
    }

    /// Hashes every blob in parallel, and compares the digest with the file name.
    ///
    /// This function checks the listed files of the folder and also all blobs that manifests name,
    /// because a failing medium may not list every file.
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
            // Don't report the same damage twice.
            guard !isReported(job.digest) else { continue }
            report.add(.blob(path: job.digest.blobPath, reason: fault))
        }
        return damaged
    }

    /// Whether the damage of a manifest is already a fault.
    private func isReported(_ digest: Digest) -> Bool {
        report.faults.contains { fault in
            switch fault {
            case .manifest(digest, _, _): true
            case .unreadable(digest.blobPath, _): true
            default: false
            }
        }
    }

    private mutating func checkContent(except damaged: Set<Digest>) throws {
        let (site, store, missing) = (site, store, graph.missing)
        // A missing manifest is damage only if the site once had it; otherwise its platform was
        // never saved.
        lost = Set(
            looking({ () throws(FileError) in try site.carried(among: missing) }) ?? []
        )
        for digest in lost.sorted() {
            report.add(.manifest(digest, .lost, images: images(with: digest)))
        }
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
}

extension SiteVerifier.Report {
    /// The names of the images that clients can't pull because of a fault.
    package func images(of fault: SiteFault) -> [String] {
        switch fault {
        case .manifest(_, _, let images): images
        case .tree(let path, _):
            if let served = ServedPath(path) {
                served.image.map { [$0] }
                    ?? (served.digest.flatMap { images[$0] } ?? []).filter(served.mayServe)
            } else {
                []
            }
        default: fault.subject.flatMap { images[$0] } ?? []
        }
    }

    /// Adds a fault, but only once if several files have the same fault.
    mutating func add(_ fault: SiteFault) {
        if reported.insert(fault).inserted { faults.append(fault) }
    }
}
