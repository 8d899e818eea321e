// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
package import Inputs
internal import OCI
package import Site
internal import SiteModel
internal import Store
internal import Streams

/// The check of a bundle without changes: of its content, and of its fit to a site.
package enum BundleCheck {
    package struct Report {
        /// Parts that can't be read, or that have other content.
        package fileprivate(set) var damaged: [BundleParts.Damage] = []
        /// The volumes (from 0) that are not at hand.
        package fileprivate(set) var absent: [Int] = []
        /// How the bundle fits the site; nil without a site.
        package fileprivate(set) var fit: BundleFit?
        /// Images of which the bundle neither contains nor requires a part.
        package fileprivate(set) var sparse: [SparseImage] = []

        /// Whether the files that are at hand have no fault and fit the site.
        package var isIntact: Bool { damaged.isEmpty && fit?.isGood != false }

        /// Whether, in addition, all volumes are at hand.
        package var isWhole: Bool { isIntact && absent.isEmpty }
    }

    /// Hashes all parts of a bundle, and compares the bundle with a site.
    ///
    /// - Throws: `BundleFailure` if the bundle doesn't contain or require everything that its images
    ///   refer to; `FileError` if the site can't be read.
    package static func run(
        _ bundle: BundleFiles,
        on site: SiteFolder?,
        progress: any Progress
    ) throws -> Report {
        var report = Report()
        report.fit = try site.map {
            try BundleFit(bundle, $0, layers: $0.layersByDiffID())
        }
        let present = Set(bundle.files.compactMap(\.volume))
        report.absent = bundle.document.volumes.indices.filter { !present.contains($0) }
        progress.expect(bundle.files.flatMap(\.parts).reduce(0) { $0 + $1.size })
        for file in bundle.files {
            for part in file.parts {
                do { try check(part, of: file, progress) } catch {
                    report.damaged.append(
                        BundleParts.Damage(path: file.path, part: part, cause: error)
                    )
                }
            }
        }
        guard report.damaged.isEmpty, report.absent.isEmpty, report.fit?.missing.isEmpty != false
        else { return report }
        let graph = try bundle.checkClosure(beside: site?.store)
        let manifests = BundleManifests(bundle, beside: site?.store)
        report.sparse = SparseImage.all(of: bundle.index, graph, isListed: manifests.has)
        return report
    }

    private static func check(
        _ part: BundleDocument.Part,
        of file: BundleFile,
        _ progress: any Progress
    ) throws {
        let source = file.open(part)
        var hash = SHA256()
        while true {
            let bytes = try source.bytes(1 << 20)
            guard !bytes.isEmpty else { break }
            unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
            progress.advance(bytes.count)
        }
        let found = hash.finish()
        guard found == part.digest else {
            throw BundleError.content(member: part.path, expected: part.digest, found: found)
        }
    }
}

extension BundleFiles {
    /// Checks that the bundle contains or requires everything that its images refer to.
    ///
    /// Manifests that the site must have are read from the site; without a site, they aren't read.
    ///
    /// - Returns: the manifests that were read.
    /// - Throws: `BundleFailure`, `SiteDamage.manifest`, `FileError`.
    @discardableResult
    func checkClosure(beside store: BlobStore?) throws -> SiteGraph {
        var graph = SiteGraph()
        let manifests = BundleManifests(self, beside: store)
        let needed = Set(document.needs.map(\.digest))
        var known = SiteIndex()
        do {
            try document.checkRoots(index)
            for entry in index.entries where store != nil || !needed.contains(entry.manifest.digest)
            {
                try graph.load(entry.manifest, from: manifests)
                known.add(entry.repository, entry.manifest)
            }
            try document.checkClosure(known, graph, isWhole: store != nil)
            return graph
        } catch SiteDamage.manifest(let digest, _) where !needed.contains(digest) {
            // A manifest that the site has is damage of the site.
            let cause = BundleError.damaged(digest.blobPath)
            throw BundleFailure(path: files[0].path, cause: cause)
        } catch let error as BundleError {
            throw BundleFailure(path: files[0].path, cause: error)
        }
    }

    /// The path of the bundle, without the number of a volume.
    package var name: String {
        let path = files[0].path
        // A volume may have another name than `create` gave it.
        let end = files[0].volume.map { BundleFiles.volumePath("", $0) } ?? ""
        return path.hasSuffix(end) ? String(path.dropLast(end.utf8.count)) : path
    }

    /// The path of the inventory that the receiving site writes beside the bundle.
    package var receiptPath: String { "\(name).receipt.json" }
}
