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
        let parts = BundleParts(bundle, store)
        var outcome = Outcome()
        outcome.damaged = try parts.take(progress: progress)
        outcome.waiting = try parts.missingVolumes()
        guard outcome.isComplete else { return outcome }
        try PatchedLayers(store, layers: layers, threads: options.threads)
            .make(bundle.document.patches, progress: progress)
        if !bundle.document.volumes.isEmpty { try bundle.checkClosure(beside: store) }
        try publish(removing: removed, parts, &outcome)
        return outcome
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
        removing removed: [SiteIndex.Entry],
        _ parts: BundleParts,
        _ outcome: inout Outcome
    ) throws {
        var contents = try update.contents()
        let tags = Dictionary(uniqueKeysWithValues: bundle.document.tags.map { ($0.name, $0) })
        var current: [String: Digest] = [:]
        for entry in contents.index.entries where !entry.isReplaced {
            current[entry.name] = entry.manifest.digest
        }
        for entry in bundle.index.entries {
            guard let tag = tags[entry.name] else { continue }
            let found = current[entry.name]
            if found == tag.manifest {
                outcome.unchanged += 1
            } else if found != tag.previous, !options.force {
                outcome.kept.append(tag)
                continue
            } else {
                outcome.changes.append((entry, found))
            }
            try contents.graph.load(entry.manifest, from: store)
            contents.index.note(entry.manifest.digest, isMade: entry.isMade)
            if let tag = entry.tag {
                contents.index.set(entry.repository, tag, entry.manifest)
            } else {
                contents.index.add(entry.repository, entry.manifest)
            }
        }
        try contents.index.addMirrors(of: bundle.index)
        for entry in removed { try contents.index.remove(entry, contents.graph) }
        outcome.removed = removed
        _ = contents.index.dropShortReferrersTags(contents.graph)
        var inputs = try site.inputs()
        inputs.add(outcome.changes.map(\.entry), from: bundle.files[0].path, contents.graph)
        outcome.written = try update.write(
            contents,
            removing: parts.temporary,
            records: [inputs.kept(contents)]
        )
    }
}

extension SiteIndex {
    /// Adds the registries from which the images of a bundle come, as `build` does for archives.
    fileprivate mutating func addMirrors(of bundle: SiteIndex) throws(NamingError) {
        do throws(ClientSettingsError) { try kit.add(bundle.kit.mirrors) } catch {
            throw .tooManyMirrors(limit: ClientSettings.mirrorLimit)
        }
    }
}
