// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import Store
internal import Streams

/// The sources of an input, which are one archive or folder, or several consecutive archives.
struct OpenedInput {
    var sources: [any MemberSource]
    var warnings: [SourceWarning] = []
    var isFolder = false
    /// Images of other kinds in the folder, which the sources don't have.
    var unread: [UnreadPart] = []
    /// The reason why the archive after these sources can't be read.
    var failure: SourceFault?
    /// Whether `failure` concerns the compressed stream after its last archive.
    var isInTail = false
    /// Whether a part of the input was stored while it was read, because it can be read only once.
    var isSpooled = false
}

/// Detects the format of an input, and opens the input as sources of members.
struct InputOpener: Sendable {
    let store: BlobStore
    let recipe: Recipe
    let threads: Int
    let progress: any Progress
    let budget: ExpansionBudget

    /// Opens an input; `-` is standard input.
    func open(_ input: String) throws(SourceFault) -> OpenedInput {
        let file = try reading(nil) { () throws(ArchiveError) in
            input == "-" ? try InputFile.standardInput() : try InputFile(path: input)
        }
        if case .folder = file.kind {
            let source = try openFolder(file)
            return OpenedInput(
                sources: [source],
                isFolder: true,
                unread: try Self.unread(beside: source, in: file)
            )
        }
        var opened = try openArchives(file)
        if opened.sources.count > 1 {
            opened.warnings.append(.severalArchives(opened.sources.count))
        }
        opened.sources = opened.sources.map { Unwrapped($0) ?? $0 }
        return opened
    }

    /// Finds images of other kinds in a folder; a site may have any files and folders.
    private static func unread(
        beside source: any MemberSource,
        in folder: InputFile
    ) throws(SourceFault) -> [UnreadPart] {
        guard !source.members.contains(SitePath.contentTypes) else { return [] }
        var unread: [UnreadPart] = []
        let registry = try reading(nil) { () throws(ArchiveError) in
            try source is LayoutFolder ? VolumeFolder.path(in: folder) : nil
        }
        if let registry { unread.append(.registry(registry)) }
        let images = try reading(nil) { () throws(ArchiveError) in try ImagesBeside(in: folder) }
        // The layouts below a wrapping folder include the one that was read.
        let isLayout = try reading(nil) { () throws(ArchiveError) in
            guard case .file? = try folder.entry(OCILayout.path) else { return false }
            return source is LayoutFolder
        }
        if source is VolumeFolder || isLayout, !images.layouts.isEmpty {
            unread.append(.layouts(images.layouts.sorted()))
        }
        if !images.archives.isEmpty { unread.append(.archives(images.archives.sorted())) }
        return unread
    }

    /// Opens a folder that has images; if it has none, but contains only one folder, tries that
    /// folder.
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

    /// Opens a folder without looking for a wrapped folder; nil if it has no images.
    private func openUnwrapped(_ file: InputFile) throws(SourceFault) -> (any MemberSource)? {
        let layout = try reading(nil) { () throws(ArchiveError) in try LayoutFolder(file) }
        if layout.members.contains(OCILayout.path) { return layout }
        if SiteRemains(layout) != nil { return layout }
        let volume = try reading(nil) { () throws(ArchiveError) in try VolumeFolder(file) }
        if let volume { return volume }
        if layout.members.contains(DockerArchive.path) || !layout.unread.isEmpty { return layout }
        let layouts = try reading(nil) { () throws(ArchiveError) in try LayoutsFolder(file) }
        // Accept a folder that has only blobs, because it may complete other inputs.
        let hasBlobs = layout.members.files.contains { $0.path.namedDigest != nil }
        return layouts ?? (hasBlobs ? layout : nil)
    }

    private func openArchives(_ file: InputFile) throws(SourceFault) -> OpenedInput {
        let (head, all) = try streaming(nil) { () throws(StreamError) in
            try FileStream(file).sniffing()
        }
        let format = StreamFormat(sniffing: head)
        let stream = try ForeignInput.refuse(all, beginning: head)
        // A tar in a regular file is read in place; any other archive is read once, in order.
        guard case .file(let size) = file.kind, !format.isCompressed else {
            return try spool(stream)
        }
        let content = try reading(nil) { () throws(ArchiveError) in
            try TarFile.content(of: file, size: size)
        }
        var opened = OpenedInput(sources: content.archives)
        opened.failure = content.failure.map { SourceFault(of: $0) }
        if let tail = content.tail, tail.format.isCompressed {
            let rest = FileRange(file, offset: tail.offset, size: size - tail.offset)
            do throws(SourceFault) {
                let spooled = try spool(rest)
                opened.sources += spooled.sources
                opened.isSpooled = true
                opened.warnings += spooled.warnings
                opened.failure = spooled.failure
                opened.isInTail = spooled.isInTail
            } catch {
                opened.failure = error
            }
        } else if content.tail != nil {
            opened.warnings.append(.tail)
        }
        return opened
    }

    private func spool(_ source: any ByteSource) throws(SourceFault) -> OpenedInput {
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
        return OpenedInput(
            sources: archives,
            warnings: warnings,
            failure: rest.failure,
            isInTail: rest.isInTail,
            isSpooled: true
        )
    }
}
