// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import ClientKit
package import Compression
package import OCI
package import Inputs
internal import Store
internal import Streams

/// One run of `build`: inputs of any kind in, a site out.
package struct SiteBuild {
    package struct Options: Sendable {
        package var recipe: Recipe
        package var manifestKind: ManifestKind = .ociManifest
        package var names = NamePolicy()
        package var given: [GivenName] = []
        package var replace = false
        package var selection = Selection()
        /// Whether anything that is refused keeps everything else out, too.
        package var isStrict = false
        /// References by digest that the site is meant to serve.
        package var pins: [Pin] = []
        /// Makes the site exactly what the inputs hold, if these entries may go; nil to only add.
        package var mirroring: (@Sendable ([SiteIndex.Entry]) -> Bool)?
        /// Where clients reach the site, if that is to be remembered anew.
        package var address: RegistryAddress?
        /// What is to be otherwise with the page for browsers from now on.
        package var page = PageSettings.Changes()
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
        package let pins: [PinResult]
        /// What was there and isn't in the inputs, if they are mirrored.
        package let removed: [SiteIndex.Entry]
        /// Tags of referrers that lacked some, and are the site's own now.
        package let redrawn: [SiteIndex.Entry]
        /// What inputs hold and no image needs, by the input as the user named it.
        package let leftOut: [(input: String, LeftOut)]
        package let before: SiteSize
        package let after: SiteSize
        /// Files and links that were written, blobs not counted.
        package let written: Int
        /// Where clients reach the site, if it knows.
        package let address: RegistryAddress?
    }

    private let site: SiteFolder
    private let options: Options
    private let servers: @Sendable (SitePlan) -> [FileContent]
    private let pages: (any PageDrawing)?

    package init(
        _ site: SiteFolder,
        _ options: Options,
        servers: @escaping @Sendable (SitePlan) -> [FileContent],
        pages: (any PageDrawing)? = nil
    ) {
        self.site = site
        self.options = options
        (self.servers, self.pages) = (servers, pages)
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
        var read = Read()
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
            read.add(outcome, of: input)
        }
        do {
            try read.checkThatSomethingIsWanted(options.selection)
            if !read.errors.isEmpty {
                if options.isStrict { throw PolicyRefusal.strict }
                if options.mirroring != nil { throw PolicyRefusal.mirrorOfRefused }
            }
            return try publish(read)
        } catch {
            throw Failure(cause: error, errors: read.errors)
        }
    }

    /// What came of all inputs.
    private struct Read {
        var images: [SavedImage] = []
        var errors: [SourceError] = []
        var leftOut: [(input: String, LeftOut)] = []
        var records: [KitRecord] = []
        /// What inputs that are sites remember of theirs.
        var memories: [String: InputMemory] = [:]
        var pageSettings: [PageSettings] = []

        mutating func add(_ outcome: InputReader.Outcome, of input: String) {
            errors += outcome.errors
            images += outcome.images
            if !outcome.leftOut.isEmpty { leftOut.append((input, outcome.leftOut)) }
            memories[input] = outcome.siteInputs.map(InputMemory.init)
            // A site's input is a stranger's: what it remembers and can't be is forgotten.
            records += [try? KitRecord(annotations: outcome.siteAnnotations)].compactMap(\.self)
            pageSettings.append(PageSettings(annotations: outcome.siteAnnotations))
        }

        /// Who asks for a platform that nothing is for has the wrong files with her.
        func checkThatSomethingIsWanted(_ selection: Selection) throws(PolicyRefusal) {
            let left = Set(leftOut.flatMap(\.1.images).flatMap(\.platforms))
            guard images.isEmpty, errors.isEmpty, !selection.platforms.isEmpty, !left.isEmpty else {
                return
            }
            throw .noWantedPlatform(selection.platforms, present: left.sorted())
        }
    }

    private func publish(_ read: Read) throws -> Outcome {
        // What is damaged may be what this run makes anew; the last word is after the merge.
        var graph = try site.intactGraph()
        try site.checkDigests(graph)
        let before = SiteSize(site.index, graph)
        for image in read.images { try graph.load(image.root, from: site.store) }
        let merge = try merge(read, graph)
        try merge.index.checkSize()
        if merge.index.layout == .portable { try SiteLayout.checkPortable(merge.index) }
        let removed = try removed(by: merge.index)
        try site.store.commit(try site.store.stage(missing: merge.indexes))
        var index = merge.index
        for entry in index.entries { try graph.load(entry.manifest, from: site.store) }
        let redrawn = index.dropShortReferrersTags(graph)
        let pins = try options.pins.map { try PinResult($0, options.names, index, graph) }
        let unserved = pins.filter { $0.verdict != .served }
        guard unserved.isEmpty || !options.isStrict else { throw PolicyRefusal.unserved(unserved) }
        try site.checkNothingIsLost(graph, in: index.entries)
        let upkeep = try options.mirroring.map { _ in
            try SiteUpkeep(site.with(index), servers: servers, pages: pages)
        }
        let written = try draw(index, graph)
        try remember(merge.changes, read, index, graph)
        _ = try upkeep?.prune()
        return Outcome(
            changes: merge.changes.filter { !redrawn.contains($0.entry) },
            errors: read.errors,
            pins: pins,
            removed: removed,
            redrawn: redrawn,
            leftOut: read.leftOut,
            before: before,
            after: SiteSize(index, graph),
            written: written,
            address: index.kit.address
        )
    }

    /// Names for what was read, and with them the site's new list.
    private func merge(_ read: Read, _ graph: SiteGraph) throws -> SiteMerge {
        // A broken input may be the one that a name was meant for.
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
        return try SiteMerge(
            placement.placed,
            into: try remembering(read, in: base),
            before: site.index,
            replace: options.replace,
            isPresent: { graph.nodes[$0] != nil },
            children: { graph.children($0) }
        )
    }

    /// - Returns: how many files changed.
    private func draw(_ index: SiteIndex, _ graph: SiteGraph) throws -> Int {
        let plan = SitePlan(index, graph)
        let pages = PageChange(pages, index, graph, plan, site.store)
        return try SiteWriter(site.store)
            .write(plan, index: index, servers: servers(plan), pages: pages)
    }

    private func remember(
        _ changes: [SiteMerge.Change],
        _ read: Read,
        _ index: SiteIndex,
        _ graph: SiteGraph
    ) throws {
        var memory = try site.inputs()
        memory.add(changes, known: read.memories, graph)
        _ = try site.store.folder.write([memory.kept(index, graph)])
    }

    /// The site's list with what this run adds to the memory of its clients.
    ///
    /// An address that was given counts first, then the site's own, then that of the inputs if they agree.
    private func remembering(
        _ read: Read,
        in base: SiteIndex
    ) throws(NamingError) -> SiteIndex {
        var index = base
        let inherited = Set(read.records.compactMap(\.address))
        let address = options.address ?? index.kit.address
        index.kit.address = address ?? (inherited.count == 1 ? inherited.first : nil)
        index.page.inherit(from: read.pageSettings)
        index.page.apply(options.page)
        let names = options.names
        let mirrors =
            read.images.flatMap(\.names).compactMap(names.mirror)
            + read.records.flatMap(\.mirrors).compactMap(names.mirror)
        do throws(KitRecordError) { try index.kit.add(mirrors) } catch {
            throw .tooManyMirrors(limit: KitRecord.mirrorLimit)
        }
        return index
    }

    /// What mirroring takes away, if it may.
    private func removed(by index: SiteIndex) throws(PolicyRefusal) -> [SiteIndex.Entry] {
        guard let mayGo = options.mirroring else { return [] }
        let kept = Set(index.entries.map(\.name))
        let removed = site.index.entries.filter { !$0.isReplaced && !kept.contains($0.name) }
        guard removed.isEmpty || mayGo(removed) else { throw .declined }
        return removed
    }
}
