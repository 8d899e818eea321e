// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
package import Compression
package import OCI
package import Inputs
internal import Store
internal import Streams

/// One run of `build`, which turns inputs of any kind into a site.
package struct SiteBuild {
    package struct Options: Sendable {
        package var recipe: Recipe
        package var manifestKind: ManifestKind = .ociManifest
        package var names = NamePolicy()
        package var given: [GivenName] = []
        package var replace = false
        package var selection = Selection()
        /// Whether to stop the whole run if an image is refused, or if clients can't pull a pin or an
        /// image.
        package var isStrict = false
        /// References by digest that the site must serve.
        package var pins: [Pin] = []
        /// The names of the chosen servers, which the site stores; empty to keep the stored ones.
        package var servers: [String] = []
        /// The folder for the records of layers; nil to use no records and read all layers again.
        package var cache: String?
        /// Decides whether mirroring may remove these entries; nil to add images without mirroring.
        ///
        /// Mirroring removes all images that the inputs don't contain.
        package var mirroring: (@Sendable ([SiteIndex.Entry]) -> Bool)?
        /// Whether mirroring keeps the content of removed images for an hour, for running pulls.
        package var waits = true
        /// Decides whether the site takes over the address, CA and mirrors of an input that is a
        /// site; nil to take over none of them.
        package var keepingAddress: (@Sendable (InheritedAddress) -> Bool)?
        /// The new address where clients reach the site; nil keeps the stored one.
        package var address: RegistryAddress?
        /// Changes to the settings of the web pages.
        package var page = PageSettings.Changes()
        /// The change of the programs on the site's medium.
        package var programs = ProgramChange.keep
        /// Blobs that were stored only to make other content, such as patches of layers.
        package var temporary: [Digest] = []
        package var threads: Int

        package init(recipe: Recipe, threads: Int) {
            self.recipe = recipe
            self.threads = threads
        }
    }

    /// The error that stopped the run, and the refusals before it.
    package struct Failure: Error {
        package let cause: any Error
        package let errors: [SourceError]
        package let missing: [(input: String, MissingContent)]
    }

    private let site: SiteFolder
    private let options: Options
    private let update: SiteUpdate

    package init(_ site: SiteFolder, _ options: Options, _ derived: Derived, now: Int) {
        self.site = site
        self.options = options
        var derived = derived
        derived.programs = options.programs.files
        update = SiteUpdate(site, derived, now: now)
    }

    /// Reads all inputs, then publishes all images that are intact.
    ///
    /// - Throws: `ProgramRefusal.occupied` before anything is read; `Failure` if the images can't be
    ///   served together or if writing fails during publishing, `FileError` if writing fails earlier. Unless writing fails, the site still
    ///   serves what it served before.
    package func run(
        _ inputs: [String],
        progress: any Progress,
        reporting: (String) -> Void = { _ in }
    ) throws -> Outcome {
        do { try update.finishLastRun() } catch is SiteDamage {
            // Continue, because this run may replace the damaged files.
        }
        try site.checkPlaces(of: options.programs.files)
        var read = Read()
        var selection = options.selection
        // A name without an input must not take the images of several inputs.
        selection.given = options.given.filter { $0.input != nil || inputs.count == 1 }
        let reader = InputReader(
            store: site.store,
            cache: LayerCache(options.cache),
            recipe: options.recipe,
            manifestKind: options.manifestKind,
            selection: selection,
            threads: options.threads,
            progress: progress,
            layersOfSite: { [site] in site.layersByDiffID() }
        )
        for (input, outcome) in zip(inputs, reader.read(inputs, reporting: reporting)) {
            for case .store(let error) in outcome.errors.map(\.fault) { throw error }
            read.add(outcome, of: input)
        }
        do {
            try read.checkThatSomethingIsWanted(options.selection)
            try checkRefusals(read)
            return try publish(&read)
        } catch {
            if !(error is FileError) { site.discardIfNew() }
            throw Failure(cause: error, errors: read.errors, missing: read.missing)
        }
    }

    /// Stops the run if images were refused and the user wants all of them or nothing.
    private func checkRefusals(_ read: Read) throws(PolicyRefusal) {
        guard !read.errors.isEmpty else { return }
        if options.isStrict { throw .strict }
        if options.mirroring != nil { throw .mirrorOfRefused }
    }

    private func publish(_ read: inout Read) throws -> Outcome {
        // Tolerate damaged manifests here, because this run may replace them; they are checked again
        // before anything is written.
        var contents = try update.contents()
        let before = SiteSize(contents)
        for image in read.images { try contents.graph.load(image.root, from: site.store) }
        let merge = try merge(&read, contents.graph)
        read.errors += merge.conflicts.map(SourceError.init)
        try checkRefusals(read)
        try merge.index.checkSize()
        let removed = try removed(by: merge.index)
        try site.store.commit(try site.store.stage(missing: merge.indexes))
        contents.index = merge.index
        if options.mirroring != nil {
            // Keep the old images as replaced entries, like the images of moved tags, because
            // clients may be pulling them.
            for old in site.index.entries where contents.graph.nodes[old.manifest.digest] != nil {
                contents.index.add(old.repository, old.manifest, isReplaced: true)
            }
        }
        // This run may have replaced damaged manifests, so load them again, and check the others.
        try contents.graph.loadIntact(contents.index.entries, from: site.store)
        try site.checkNothingIsLost(contents.graph, in: contents.index.entries)
        let renderedAgain = contents.index.dropShortReferrersTags(contents.graph)
        let pins = try options.pins.map {
            try PinResult($0, names: options.names, contents: contents)
        }
        let foreign = contents.graph.foreignLayers(of: merge.changes.map(\.entry))
        try checkPulls(pins, foreign)
        let inputs = try inputs(merge.changes, read: read, contents: contents)
        let (pruned, written) = try write(contents, records: [inputs])
        return Outcome(
            changes: merge.changes.filter { !renderedAgain.contains($0.entry) },
            errors: read.errors,
            missing: read.missing,
            pins: pins,
            removed: removed,
            pruned: pruned,
            renderedAgain: renderedAgain,
            foreign: foreign,
            example: example(merge.changes, contents.graph),
            skipped: read.skipped,
            warnings: read.warnings,
            before: before,
            after: SiteSize(contents),
            written: written,
            repaired: site.repaired(written, contents.index),
            address: contents.index.kit.address,
            unkept: contents.index.kit.address == nil ? read.address : nil,
            programs: (site.index.programs, contents.index.programs),
            signers: read.signers
        )
    }

    /// Writes the new contents; with mirroring, also removes what they don't need.
    private func write(
        _ contents: SiteContents,
        records: [FileContent]
    ) throws -> (pruned: SitePruner.Unreferenced?, written: WrittenFiles) {
        guard options.mirroring != nil else {
            let temporary = options.temporary
            return (nil, try update.write(contents, removing: temporary, records: records))
        }
        let pruner = SitePruner(update, contents)
        let result = try pruner.prune(waiting: options.waits, records: records)
        return (result.removed, result.written)
    }

    /// Stops the run if clients can't pull a pin or an image, and the user wants all of them or
    /// nothing.
    private func checkPulls(_ pins: [PinResult], _ foreign: [ForeignLayers]) throws(PolicyRefusal) {
        guard options.isStrict else { return }
        let unserved = pins.filter { $0.verdict != .served }
        guard unserved.isEmpty else { throw .unserved(unserved) }
        guard foreign.isEmpty else { throw .foreign(foreign) }
    }

    /// Assigns names to the images that were read, and merges them into the site's index.
    ///
    /// If the site is portable, refuses names that it can't hold.
    private func merge(_ read: inout Read, _ graph: SiteGraph) throws -> SiteMerge {
        // If an input was refused, ignore the user's names that no image uses, because these names
        // may be for the refused input.
        let given =
            read.errors.isEmpty
            ? options.given : options.given.filter { $0.isUsed(by: read.images) }
        let base = options.mirroring == nil ? site.index : site.index.emptied
        let placement = try Placement(
            read.images,
            policy: options.names,
            given: given,
            beside: base,
            below: { graph.manifests(below: $0) }
        )
        var placed = placement.placed
        if base.layout == .portable {
            let portable = PortablePlacement(placed, beside: base)
            read.errors += portable.refusals.map(SourceError.init)
            placed = portable.placed
        }
        return try SiteMerge(
            placed,
            into: try remembering(read, in: base),
            before: site.index,
            replace: options.replace,
            isPresent: { graph.nodes[$0] != nil },
            children: { graph.children($0) }
        )
    }

    /// Makes the record of the inputs of the site's images.
    private func inputs(
        _ changes: [SiteMerge.Change],
        read: Read,
        contents: SiteContents
    ) throws -> FileContent {
        var memory = try site.inputs()
        memory.add(changes, known: read.memories, contents.graph)
        return memory.kept(contents)
    }

    /// Returns the site's index with this run's changes to the settings for clients and pages.
    ///
    /// The address is the user's address, or else the site's address, or else the address that the
    /// inputs have in common.
    private func remembering(_ read: Read, in base: SiteIndex) throws -> SiteIndex {
        var index = base
        index.kit.address = options.address ?? index.kit.address
        if index.kit.address == nil, let inherited = read.address, let keep = options.keepingAddress
        {
            guard keep(inherited) else { throw PolicyRefusal.declinedAddress }
            index.kit.address = inherited.address
        }
        if !options.servers.isEmpty { index.servers = options.servers }
        index.page.inherit(from: read.pageSettings)
        index.page.apply(options.page)
        options.programs.apply(to: &index.programs)
        let names = options.names
        let mirrors =
            read.images.flatMap(\.names).compactMap(names.mirror)
            + (options.keepingAddress == nil
                ? [] : read.records.flatMap(\.mirrors).compactMap(names.mirror))
        do throws(ClientSettingsError) { try index.kit.add(mirrors) } catch {
            throw NamingError.tooManyMirrors(limit: ClientSettings.mirrorLimit)
        }
        return index
    }

    /// Finds the entries that mirroring removes, and asks for permission.
    private func removed(by index: SiteIndex) throws(PolicyRefusal) -> [SiteIndex.Entry] {
        guard let mayGo = options.mirroring else { return [] }
        let kept = Set(index.entries.map(\.name))
        let removed = site.index.entries.filter { !$0.isReplaced && !kept.contains($0.name) }
        guard removed.isEmpty || mayGo(removed) else { throw .declined }
        return removed
    }
}
