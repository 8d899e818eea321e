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
            let source = try open(input)
            let found = try FoundImages(in: source, selection)
            outcome.skipped = found.skipped
            outcome.site = found.site
            for (image, fault) in found.faults {
                outcome.errors.append(SourceError(input: input, image: image, fault: fault))
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
            let assembled = found.drafts.compactMap {
                assemble($0, blobs: blobs, input: input, outcome: &outcome)
            }
            try StoreCommit(store: store, cache: cache).run(assembled)
            outcome.images = assembled.map(\.image)
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

    private func open(_ input: String) throws(SourceFault) -> any MemberSource {
        let file = try reading(nil) { () throws(ArchiveError) in
            input == "-" ? try InputFile.standardInput() : try InputFile(path: input)
        }
        if case .folder = file.kind { return try openFolder(file) }
        let archive = try openArchive(file)
        // Some users wrap everything in one folder: `tar cf app.tar app`.
        guard let inner = archive.members.unwrapped() else { return archive }
        return Unwrapped(archive, members: inner)
    }

    private func openFolder(_ file: InputFile) throws(SourceFault) -> any MemberSource {
        let layout = try reading(nil) { () throws(ArchiveError) in try LayoutFolder(file) }
        if layout.members.contains(OCILayout.path) { return layout }
        if SiteRemains(layout) != nil { return layout }
        let volume = try reading(nil) { () throws(ArchiveError) in try VolumeFolder(file) }
        if let volume { return volume }
        guard layout.members.contains(DockerArchive.path) || !layout.unread.isEmpty else {
            throw .notALayout
        }
        return layout
    }

    private func openArchive(_ file: InputFile) throws(SourceFault) -> any MemberSource {
        let stream = FileStream(file)
        let head = try head(of: stream)
        // A tar in a regular file is read in place; any other archive is read once, in order.
        guard case .file(let size) = file.kind, !StreamFormat(sniffing: head).isCompressed else {
            return try spool(head, stream)
        }
        return try reading(nil) { () throws(ArchiveError) in try TarFile(file, size: size) }
    }

    private func head(of stream: FileStream) throws(SourceFault) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: StreamFormat.sniffLength)
        let count = try streaming(nil) { () throws(StreamError) in
            unsafe try head.withUnsafeMutableBufferPointer { (buffer) throws(StreamError) in
                unsafe try stream.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        return Array(head[..<count])
    }

    private func spool(_ head: [UInt8], _ rest: FileStream) throws(SourceFault) -> SpooledArchive {
        let format = StreamFormat(sniffing: head)
        let bytes = Prefixed(head, rest)
        let source: any ByteSource = try streaming(nil) { () throws(StreamError) in
            guard format.isCompressed else { return bytes }
            return try DecompressedStream(bytes, format, scope: .run, within: budget)
        }
        return try SpooledArchive(
            source,
            store: store,
            recipe: recipe,
            budget: budget,
            threads: threads,
            progress: progress
        )
    }

    private func assemble(
        _ draft: ImageDraft,
        blobs: [BlobNeed: Result<StoredBlob, SourceFault>],
        input: String,
        outcome: inout Outcome
    ) -> AssembledImage? {
        do throws(SourceFault) {
            if selection.gaps == .fail { try draft.checkIsWhole() }
            return try ImageAssembler(manifestKind: manifestKind)
                .assemble(draft, blobs, input: input)
        } catch {
            outcome.errors.append(SourceError(input: input, image: draft.label, fault: error))
            return nil
        }
    }
}
