// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import Archive
package import Compression
package import OCI
package import Store
package import Streams

/// Reads inputs of any kind into a store: archives, layouts, sites, pipes.
package struct InputReader: Sendable {
    private let store: BlobStore
    private let cache: LayerCache
    private let recipe: Recipe
    private let manifestKind: ManifestKind
    private let selection: Selection
    private let threads: Int
    private let progress: any Progress
    private let budget: ExpansionBudget

    /// A reader that makes manifests of `manifestKind` for images that have no manifest of their
    /// own.
    package init(
        store: BlobStore,
        cache: LayerCache = LayerCache(nil),
        recipe: Recipe,
        manifestKind: ManifestKind,
        selection: Selection = Selection(),
        threads: Int,
        progress: any Progress,
        budget: ExpansionBudget = ExpansionBudget()
    ) {
        self.store = store
        self.cache = cache
        self.recipe = recipe
        self.manifestKind = manifestKind
        self.selection = selection
        self.threads = threads
        self.progress = progress
        self.budget = budget
    }

    /// The result of one input: its intact images, and its refused ones.
    package struct Outcome: Sendable {
        package var images: [SavedImage] = []
        package var errors: [SourceError] = []
        package var skipped = SkippedContent()
        /// What is odd about the input, although it was read.
        package var warnings: [SourceWarning] = []
        /// The settings and records of an input that is a site.
        package var site: SiteMetadata?
    }

    /// Reads one input to its end.
    ///
    /// `-` is standard input.
    ///
    /// Afterwards, the store has either all blobs of an image or none of them.
    package func read(_ input: String) -> Outcome {
        var outcome = Outcome()
        do throws(SourceFault) {
            let opened = try open(input)
            outcome.warnings = opened.warnings
            let count = opened.sources.count + (opened.failure == nil ? 0 : 1)
            for (index, source) in opened.sources.enumerated() {
                let label = count > 1 ? "archive \(index + 1) of the file" : nil
                do throws(SourceFault) {
                    try read(source, of: input, label: label, into: &outcome)
                } catch {
                    outcome.errors.append(SourceError(input: input, image: label, fault: error))
                }
            }
            if let fault = opened.failure {
                let label = "archive \(count) of the file"
                outcome.errors.append(SourceError(input: input, image: label, fault: fault))
            }
        } catch {
            outcome.errors.append(SourceError(input: input, image: nil, fault: error))
        }
        // The next run would also clear the staging folder, but the next input may already need the
        // disk space.
        do throws(FileError) { try store.clearStaging() } catch {
            outcome.errors.append(SourceError(input: input, image: nil, fault: .store(error)))
        }
        return outcome
    }

    /// Reads an archive or a folder.
    private func read(
        _ source: any MemberSource,
        of input: String,
        label: String?,
        into outcome: inout Outcome
    ) throws(SourceFault) {
        if !source.hasEndMark { try source.checkListsWithoutEndMark() }
        try source.checkLists()
        let found = try FoundImages(in: source, selection)
        if !source.hasEndMark {
            try found.checkWithoutEndMark(source)
            outcome.warnings.append(.noEndMark)
        }
        let repeated = source.members.repeatedNames
        outcome.skipped.add(found.skipped)
        outcome.site = outcome.site ?? found.site
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
                outcome.errors.append(SourceError(input: input, image: draft.label, fault: fault))
            }
        }
        try StoreCommit(store: store, cache: cache).run(assembled)
        outcome.images += assembled.map(\.image)
    }

    /// What an input has: one archive or folder, or several archives that follow each other.
    private struct Opened {
        var sources: [any MemberSource]
        var warnings: [SourceWarning] = []
        /// Why the archive after these can't be read.
        var failure: SourceFault?
    }

    private func open(_ input: String) throws(SourceFault) -> Opened {
        let file = try reading(nil) { () throws(ArchiveError) in
            input == "-" ? try InputFile.standardInput() : try InputFile(path: input)
        }
        if case .folder = file.kind { return Opened(sources: [try openFolder(file)]) }
        var opened = try openArchives(file)
        if opened.sources.count > 1 {
            opened.warnings.append(.severalArchives(opened.sources.count))
        }
        opened.sources = opened.sources.map { Unwrapped($0) ?? $0 }
        return opened
    }

    /// Opens a folder, or the only folder in it, and so on.
    private func openFolder(_ file: InputFile) throws(SourceFault) -> any MemberSource {
        var folder = file
        for _ in 0..<FolderWalk.maximumDepth {
            if let source = try openUnwrapped(folder) { return source }
            let inner = try reading(nil) { () throws(ArchiveError) in try folder.onlyFolder() }
            guard let inner else { break }
            folder = inner
        }
        throw ForeignInput(FolderSample(file)).map(SourceFault.foreign) ?? .notALayout
    }

    /// Opens a folder; nil if it has no images itself.
    private func openUnwrapped(_ file: InputFile) throws(SourceFault) -> (any MemberSource)? {
        let layout = try reading(nil) { () throws(ArchiveError) in try LayoutFolder(file) }
        if layout.members.contains(OCILayout.path) { return layout }
        if SiteRemains(layout) != nil { return layout }
        let volume = try reading(nil) { () throws(ArchiveError) in try VolumeFolder(file) }
        if let volume { return volume }
        if layout.members.contains(DockerArchive.path) || !layout.unread.isEmpty { return layout }
        return try reading(nil) { () throws(ArchiveError) in try LayoutsFolder(file) }
    }

    private func openArchives(_ file: InputFile) throws(SourceFault) -> Opened {
        let stream = FileStream(file)
        let head = try streaming(nil) { () throws(StreamError) in
            try stream.bytes(StreamFormat.sniffLength)
        }
        let format = StreamFormat(sniffing: head)
        if format == .other, let foreign = ForeignInput(firstBytes: head) {
            throw .foreign(foreign)
        }
        // A tar in a regular file is read in place; any other archive is read once, in order.
        guard case .file(let size) = file.kind, !format.isCompressed else {
            return try spool(Prefixed(head, stream))
        }
        let content = try reading(nil) { () throws(ArchiveError) in
            try TarFile.content(of: file, size: size)
        }
        var opened = Opened(sources: content.archives)
        opened.failure = content.failure.map { SourceFault(of: $0) }
        if let tail = content.tail, tail.format.isCompressed {
            let rest = FileRange(file, offset: tail.offset, size: size - tail.offset)
            do throws(SourceFault) {
                let spooled = try spool(rest)
                opened.sources += spooled.sources
                opened.warnings += spooled.warnings
                opened.failure = spooled.failure
            } catch {
                opened.failure = error
            }
        } else if content.tail != nil {
            opened.warnings.append(.tail)
        }
        return opened
    }

    private func spool(_ source: any ByteSource) throws(SourceFault) -> Opened {
        let spool = try Spool(
            source,
            store: store,
            recipe: recipe,
            budget: budget,
            progress: progress
        )
        let (archives, rest) = try SpooledArchive.reading(
            spool,
            store: store,
            recipe: recipe,
            threads: threads
        )
        let warnings: [SourceWarning] = rest.hasTail ? [.tail] : []
        return Opened(sources: archives, warnings: warnings, failure: rest.failure)
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
