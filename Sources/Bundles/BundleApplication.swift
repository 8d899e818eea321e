// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
package import Inputs
package import OCI
package import Site
package import SiteModel
internal import Store
internal import Streams

/// The application of a bundle to a site.
///
/// All content reaches the store first, and index.json changes when everything is there. So an
/// interrupted run leaves the site as it was, and the next run continues.
package struct BundleApplication {
    package struct Options {
        /// Whether tags move even if they aren't as the bundle expects them.
        package var force = false
        /// Decides whether images that the bundle doesn't have are removed; nil to keep them.
        package var mirroring: (([SiteIndex.Entry]) -> Bool)?

        package var threads: Int

        package init(threads: Int) { self.threads = threads }
    }

    package struct Outcome {
        /// The images that the bundle brought, with the manifest that the name had before.
        package var changes: [(entry: SiteIndex.Entry, previous: Digest?)] = []
        /// The number of images that the site already had under their names.
        package var unchanged = 0
        /// Names that the bundle doesn't change, and that have changed at the site.
        package var kept: [BundleDocument.Tag] = []
        package var removed: [SiteIndex.Entry] = []
        /// Images that the bundle brought, and of which the site lacks a part.
        package var sparse: [SparseImage] = []
        /// The volumes (from 0) of which parts are still missing; empty if the site is complete.
        package var waiting: [Int] = []
        /// Parts that could not be read, or that have other content.
        package var damaged: [BundleParts.Damage] = []
        /// The files that were written for the new contents.
        package var written = WrittenFiles()

        package var isComplete: Bool { waiting.isEmpty && damaged.isEmpty }
    }

    private let bundle: BundleFiles
    private let update: SiteUpdate
    private let options: Options
    private var site: SiteFolder { update.site }
    private var store: BlobStore { update.site.store }

    package init(_ bundle: BundleFiles, to update: SiteUpdate, _ options: Options) {
        (self.bundle, self.update, self.options) = (bundle, update, options)
    }

    /// Applies the bundle, or takes the content of the volumes that are at hand.
    ///
    /// - Throws: `BundleRefusal` before a byte is written; `BundleError.incomplete`, `BundleFailure`,
    ///   the errors of `SiteUpdate.write`, `FileError`.
    package func run(progress: any Progress) throws -> Outcome {
        let layers = site.layersByDiffID()
        let fit = try BundleFit(bundle.document, site, layers: layers)
        if !fit.missing.isEmpty { throw BundleRefusal.missing(fit.missing) }
        if !fit.unknownRecipes.isEmpty { throw BundleRefusal.recipes(fit.unknownRecipes) }
        if !fit.conflicts.isEmpty, !options.force { throw BundleRefusal.conflicts(fit.conflicts) }
        if bundle.document.volumes.isEmpty { try bundle.checkClosure(beside: store) }
        let removed = try removed()
        let merge = try merge(removing: removed)
        let parts = BundleParts(bundle, store)
        var outcome = Outcome()
        outcome.damaged = try parts.take(progress: progress)
        outcome.waiting = try parts.missingVolumes()
        guard outcome.isComplete else { return outcome }
        try PatchedLayers(store, layers: layers, threads: options.threads)
            .make(bundle.document.patches, progress: progress)
        if !bundle.document.volumes.isEmpty { try bundle.checkClosure(beside: store) }
        try publish(merge, parts, &outcome)
        outcome.add(merge, removed: removed)
        return outcome
    }

    private func merge(removing removed: [SiteIndex.Entry]) throws(BundleRefusal) -> BundleMerge {
        do throws(NamingError) {
            return try BundleMerge(
                bundle.document,
                with: bundle.index,
                into: site.index,
                removing: removed,
                isForced: options.force
            )
        } catch { throw .names(error) }
    }

    /// The images that the bundle removes, or that mirroring removes.
    private func removed() throws -> [SiteIndex.Entry] {
        let own = site.index.entries.filter { !$0.isReplaced }
        let explicit = Set(bundle.document.removed.map(\.name))
        guard let mayGo = options.mirroring else {
            return own.filter { explicit.contains($0.name) }
        }
        let kept = Set(bundle.document.tags.map(\.name))
        let removed = own.filter { !kept.contains($0.name) }
        guard removed.isEmpty || mayGo(removed) else { throw BundleRefusal.declined }
        return removed
    }

    private func publish(
        _ merge: BundleMerge,
        _ parts: BundleParts,
        _ outcome: inout Outcome
    ) throws {
        var contents = try update.contents()
        contents.index = merge.index
        for entry in merge.brought { try contents.graph.load(entry.manifest, from: store) }
        _ = contents.index.dropShortReferrersTags(contents.graph)
        var inputs = try site.inputs()
        inputs.add(merge.changes.map(\.entry), from: bundle.files[0].path, contents.graph)
        let changed = Set(merge.changes.map(\.entry.name))
        outcome.sparse =
            SparseImage.all(of: contents.index, contents.graph) {
                contents.graph.nodes[$0] != nil
            }
            .filter { changed.contains($0.name) }
        outcome.written = try update.write(
            contents,
            removing: parts.temporary,
            records: [inputs.kept(contents)]
        )
    }
}

extension BundleApplication.Outcome {
    fileprivate mutating func add(_ merge: BundleMerge, removed: [SiteIndex.Entry]) {
        (changes, unchanged, kept) = (merge.changes, merge.unchanged, merge.kept)
        self.removed = removed
    }
}
