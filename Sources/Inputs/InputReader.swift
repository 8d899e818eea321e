// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import Archive
package import Compression
package import OCI
package import Signatures
package import Store
package import Streams

/// Reads inputs of any kind into a store: archives, layouts, sites, pipes.
package struct InputReader: Sendable {
    let store: BlobStore
    private let cache: LayerCache
    private let recipe: Recipe
    private let manifestKind: ManifestKind
    let selection: Selection
    private let threads: Int
    private let progress: any Progress
    private let budget: ExpansionBudget
    let layersOfSite: @Sendable () -> [Digest: Digest]

    /// Creates a reader that makes manifests of `manifestKind` for images without a manifest.
    ///
    /// `layersOfSite` finds the layers that the store has already, by their diffIDs. The reader
    /// calls `layersOfSite` only if an input lacks a layer.
    package init(
        store: BlobStore,
        cache: LayerCache = LayerCache(nil),
        recipe: Recipe,
        manifestKind: ManifestKind,
        selection: Selection = Selection(),
        threads: Int,
        progress: any Progress,
        budget: ExpansionBudget = ExpansionBudget(),
        layersOfSite: @escaping @Sendable () -> [Digest: Digest] = { [:] }
    ) {
        self.store = store
        self.cache = cache
        self.recipe = recipe
        self.manifestKind = manifestKind
        self.selection = selection
        self.threads = threads
        self.progress = progress
        self.budget = budget
        self.layersOfSite = layersOfSite
    }

    /// The result of reading one input: its intact images, and the errors of its refused images.
    package struct Outcome: Sendable {
        package var images: [SavedImage] = []
        package var errors: [SourceError] = []
        /// What the refused images lack.
        package var missing = MissingContent()
        package var skipped = SkippedContent()
        /// Images of another kind, which were not read.
        var unread: [UnreadPart] = []
        /// Warnings about an input that was read nevertheless.
        package var warnings: [SourceWarning] = []
        /// The settings and records of an input that is a site.
        package var site: SiteMetadata?
        /// Who signed an input that is a site; nil if this wasn't checked.
        package var signer: Signer?
    }

    /// Opens an input; `-` is standard input.
    func open(_ input: String) throws(SourceFault) -> OpenedInput {
        let opener = InputOpener(
            store: store,
            recipe: recipe,
            threads: threads,
            progress: progress,
            budget: budget
        )
        return try opener.open(input)
    }

    /// Reads an input from its start to its end, with the content that `shared` adds to it.
    func read(
        _ opened: OpenedInput,
        of input: String,
        number: Int,
        sharing shared: SharedContent
    ) -> Outcome {
        var outcome = Outcome()
        outcome.warnings = opened.warnings
        let hasFailed = opened.failure != nil && !opened.isInTail
        let count = opened.sources.count + (hasFailed ? 1 : 0)
        for (index, source) in opened.sources.enumerated() {
            let label = count > 1 ? "archive \(index + 1) of the file" : nil
            let place = SharedContent.Place(input: number, archive: index)
            var completed = CompletedSource(source, at: place, sharing: shared)
            completed.isFolder = opened.isFolder
            outcome.warnings += completed.replaced.map(SourceWarning.damaged)
            do throws(SourceFault) {
                try read(completed, of: input, label: label, into: &outcome)
            } catch {
                outcome.errors.append(SourceError(input: input, image: label, fault: error))
            }
        }
        let unread = opened.unread + outcome.unread
        outcome.skipped.dropFiles(in: unread)
        outcome.errors +=
            unread
            .map { part in
                let fault = SourceFault.unread(part, isFolder: opened.isFolder)
                return SourceError(input: input, image: nil, fault: fault)
            }
        if let fault = opened.failure, opened.isInTail {
            let fault = outcome.images.isEmpty ? fault : .partlyRead(fault)
            outcome.errors.append(SourceError(input: input, image: nil, fault: fault))
        } else if let fault = opened.failure {
            let label = "archive \(count) of the file"
            outcome.errors.append(SourceError(input: input, image: label, fault: fault))
        }
        return outcome
    }

    /// Reads an archive or a folder.
    private func read(
        _ source: CompletedSource,
        of input: String,
        label: String?,
        into outcome: inout Outcome
    ) throws(SourceFault) {
        if !source.hasEndMark { try source.checkListsWithoutEndMark() }
        try source.checkLists()
        var selection = selection
        selection.replacement = selection.given.first { $0.applies(toInput: input) }
        let found = try FoundImages(inWholeOrCut: source, selection)
        let repeated = source.members.repeatedNames
        outcome.skipped.add(found.skipped)
        outcome.missing.add(found.missing)
        outcome.warnings += found.warnings
        if !source.isFolder {
            outcome.unread += try source.unreadParts(besides: found.drafts.flatMap(\.needs))
        }
        outcome.site = outcome.site ?? found.site
        outcome.signer = outcome.signer ?? found.signer
        for (image, fault) in found.faults {
            let fault = fault.explained(by: repeated)
            outcome.errors.append(SourceError(input: input, image: image ?? label, fault: fault))
        }
        let ingest = Ingest(
            source: source,
            store: store,
            cache: cache,
            recipe: recipe,
            budget: budget,
            progress: progress,
            threads: threads
        )
        let blobs = ingest.run(found.drafts.flatMap(\.needs))
        var assembled: [AssembledImage] = []
        for draft in found.drafts {
            do throws(SourceFault) {
                assembled.append(try assemble(draft, blobs: blobs, input: input))
            } catch {
                let fault = error.explained(by: repeated)
                outcome.errors += draft.labels.map { label in
                    SourceError(input: input, image: label, fault: fault)
                }
                guard case .sparse(_, let missing) = fault else { continue }
                let parts = missing.map { MissingContent.Part($0, .manifest) }
                outcome.missing.add(parts, neededBy: draft.labels)
            }
        }
        source.noteDamage(blobs, found.faults.map(\.fault))
        try StoreCommit(store: store, cache: cache).run(assembled)
        source.shared.add(layers: blobs)
        outcome.images += assembled.map(\.image)
    }

    private func assemble(
        _ draft: ImageDraft,
        blobs: [BlobNeed: Result<StoredBlob, SourceFault>],
        input: String
    ) throws(SourceFault) -> AssembledImage {
        if selection.gaps == .fail { try draft.checkIsWhole() }
        return try ImageAssembler(manifestKind: manifestKind).assemble(draft, blobs, input: input)
    }
}
