// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Compression
package import OCI
package import Sources
package import Store

/// One run of `build`: inputs of any kind in, a site out.
package struct SiteBuild {
    package struct Options: Sendable {
        package var recipe: Recipe
        package var manifestKind: ManifestKind = .ociManifest
        package var names = NamePolicy()
        package var given: [GivenName] = []
        package var replace = false
        package var selection = Selection()
        package var threads: Int

        package init(recipe: Recipe, threads: Int) {
            self.recipe = recipe
            self.threads = threads
        }
    }

    /// Why nothing was published, and what was refused before.
    package struct Failure: Error {
        package let cause: any Error
        package let errors: [SourceError]
    }

    package struct Outcome: Sendable {
        package let changes: [SiteMerge.Change]
        package let errors: [SourceError]
        /// What inputs hold and no image needs, by the input as the user named it.
        package let leftOut: [(input: String, LeftOut)]
        package let before: SiteSize
        package let after: SiteSize
        /// Files and links that were written, blobs not counted.
        package let written: Int
    }

    private let site: SiteFolder
    private let options: Options
    private let servers: @Sendable (SitePlan) -> [FileContent]

    package init(
        _ site: SiteFolder,
        _ options: Options,
        servers: @escaping @Sendable (SitePlan) -> [FileContent]
    ) {
        self.site = site
        self.options = options
        self.servers = servers
    }

    /// Reads all inputs, then publishes what is whole.
    ///
    /// - Throws: `Failure` if the images can't stand side by side or the output fails while they are
    ///   published, `FileError` if it fails before. The site is as it was before.
    package func run(
        _ inputs: [String],
        progress: any Progress,
        reporting: (String) -> Void = { _ in }
    ) throws -> Outcome {
        var images: [SavedImage] = []
        var errors: [SourceError] = []
        var leftOut: [(input: String, LeftOut)] = []
        let reader = InputReader(
            store: site.store,
            recipe: options.recipe,
            manifestKind: options.manifestKind,
            selection: options.selection,
            threads: options.threads,
            progress: progress
        )
        for input in inputs {
            reporting(input)
            let outcome = reader.read(input)
            for case .store(let error) in outcome.errors.map(\.fault) { throw error }
            errors += outcome.errors
            images += outcome.images
            if !outcome.leftOut.isEmpty { leftOut.append((input, outcome.leftOut)) }
        }
        do { return try publish(images, errors, leftOut) } catch {
            throw Failure(cause: error, errors: errors)
        }
    }

    private func publish(
        _ images: [SavedImage],
        _ errors: [SourceError],
        _ leftOut: [(input: String, LeftOut)]
    ) throws -> Outcome {
        var graph = SiteGraph()
        // What is damaged may be what this run makes anew; the last word is after the merge.
        for entry in site.index.entries {
            do { try graph.load(entry.manifest, from: site.store) } catch SiteError.damagedManifest
            {}
        }
        let before = SiteSize(site.index, graph)
        for image in images { try graph.load(image.root, from: site.store) }
        // A broken input may be the one that a name was meant for.
        let given = errors.isEmpty ? options.given : options.given.filter { $0.isUsed(by: images) }
        let placement = try Placement(
            images,
            policy: options.names,
            given: given,
            beside: site.index,
            below: { graph.manifests(below: $0) }
        )
        let merge = try SiteMerge(
            placement.placed,
            into: site.index,
            replace: options.replace
        ) { root in graph.nodes[root.digest]?.manifest.manifests ?? [] }
        try merge.index.checkSize()
        if merge.index.layout == .portable { try SiteLayout.checkPortable(merge.index) }
        try site.store.commit(try site.store.stage(missing: merge.indexes))
        for entry in merge.index.entries { try graph.load(entry.manifest, from: site.store) }
        let plan = SitePlan(merge.index, graph)
        let written = try SiteWriter(site.store)
            .write(plan, index: merge.index, servers: servers(plan))
        return Outcome(
            changes: merge.changes,
            errors: errors,
            leftOut: leftOut,
            before: before,
            after: SiteSize(merge.index, graph),
            written: written
        )
    }
}
