// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// The archives that were read from a stream.
struct SpooledArchives {
    let archives: [ListedArchive]
    /// The stored form of each file, by its `location`.
    let spooled: [Int: SpooledMember]
    /// Whether other bytes follow the last archive.
    let hasTail: Bool
    /// The reason why the next archive of the stream can't be read; `archives` are intact.
    let failure: SourceFault?
    /// Whether `failure` concerns the end of the stream, after the last archive.
    let isInTail: Bool
}

/// Reads the archives of a stream once, in order, and stores every member.
final class SpoolJob: Job {
    // Access to `spool` and `fault` is safe without a lock, because steps run one at a time, the
    // concurrent encoding doesn't access them, and `result()` is called after the last step.
    nonisolated(unsafe) private let spool: Spool
    nonisolated(unsafe) private var fault: SourceFault?

    init(_ spool: Spool) { unsafe self.spool = spool }

    var isReady: Bool { unsafe spool.isReady }

    func step(_ worker: Worker) -> Step {
        do throws(SourceFault) { return try unsafe spool.step(worker) } catch {
            unsafe fault = error
            return .last
        }
    }

    /// All names, and the stored form of each file, available after the pool has run.
    func result() throws(SourceFault) -> SpooledArchives {
        try unsafe spool.result(fault)
    }
}

/// The state of reading archives in order: the reader's position, and the members stored so far.
final class Spool {
    private enum Stored {
        case kept(BlobCopy.Result, LayerEncoding?)
        case raw(RawLayerWriter)
        case link([UInt8])
    }

    /// The maximum size in bytes of a `link` file; such files are kept in memory.
    ///
    /// A registry's data has a link file for each layer of each repository. Writing each of them to
    /// a temporary file would take far longer than reading it.
    private static let maximumLink = 128

    private var reader: ArchiveReader
    /// The bytes after the last archive; nil before the end of this archive.
    private var rest: (any ByteSource)?
    /// The compressed streams that were opened.
    private var compressed: [DecompressedStream] = []
    private var hasTail = false
    private let store: BlobStore
    private let recipe: Recipe
    private let budget: ExpansionBudget
    private let progress: any Progress
    private var listing = ArchiveListing()
    /// The stored files, in the order of the archive; a file's index in this list is its
    /// `location`.
    private var stored: [Stored] = []
    /// The raw layer that is being read.
    private var layer: (member: String, writer: RawLayerWriter)?

    init(
        _ source: any ByteSource,
        store: BlobStore,
        recipe: Recipe,
        budget: ExpansionBudget,
        progress: any Progress
    ) throws(SourceFault) {
        self.store = store
        self.recipe = recipe
        self.budget = budget
        self.progress = progress
        let opened = try Self.open(source, within: budget)
        compressed += [opened.compressed].compactMap(\.self)
        reader = opened.reader
    }

    var isReady: Bool { layer?.writer.isReady ?? true }

    /// Reads a chunk of a raw layer, or everything up to the first chunk of the next raw layer.
    func step(_ worker: Worker) throws(SourceFault) -> Step {
        if let layer {
            try fill(worker.chunk, layer.member)
            return try encode(worker.chunk, of: layer.writer, worker)
        }
        while let file = try nextFile() {
            try fill(worker.chunk, file.path.description)
            if file.size <= Self.maximumLink, file.path.description.hasSuffix("/link") {
                stored.append(.link(unsafe Array(worker.chunk.raw)))
                continue
            }
            let format = unsafe StreamFormat(sniffing: worker.chunk.raw)
            if format != .tar || recipe.encoding == .none { try checkRoom(for: file) }
            if format == .tar {
                let writer = try RawLayerWriter(store, recipe, threads: worker.threads)
                layer = (file.path.description, writer)
                return try encode(worker.chunk, of: writer, worker)
            }
            stored.append(try keep(file, format: format, beginning: worker.chunk))
        }
        try drain(worker)
        return .last
    }

    /// Returns all archives that were read, up to the fault if there was one.
    func result(_ fault: SourceFault?) throws(SourceFault) -> SpooledArchives {
        var fault = fault
        if case .store? = fault, let fault { throw fault }
        if let cut = fault?.asCut,
            listing.endArchive(cutBy: cut, isIntact: { $0.location < stored.count })
        {
            layer?.writer.discard()
            fault = nil
        }
        if let fault, !listing.hasEnded { throw fault }
        var spooled: [Int: SpooledMember] = [:]
        for (location, member) in stored.enumerated() {
            switch member {
            case .kept(let copy, let encoding): spooled[location] = .kept(copy, encoding)
            case .raw(let writer): spooled[location] = .recoded(try writer.result())
            case .link(let bytes): spooled[location] = .link(bytes)
            }
        }
        return SpooledArchives(
            archives: listing.archives,
            spooled: spooled,
            hasTail: hasTail || compressed.contains(where: \.hasTail),
            failure: fault,
            isInTail: rest != nil
        )
    }

    private func nextFile() throws(SourceFault) -> MemberFile? {
        while rest == nil {
            let file = try reading(nil) { () throws(ArchiveError) -> MemberFile? in
                while let entry = try reader.nextEntry() {
                    let file = try listing.add(entry, at: reader.position, location: stored.count)
                    if let file { return file }
                }
                return nil
            }
            if let file { return file }
            try endArchive()
        }
        return nil
    }

    /// Checks the end mark of an archive, and opens the one that follows, if there is one.
    private func endArchive() throws(SourceFault) {
        let mark = listing.endMark
        let hasEndMark = reader.position >= mark.upperBound
        guard hasEndMark || reader.position == mark.lowerBound else {
            throw .stream(.truncated, member: nil)
        }
        try reading(nil) { () throws(ArchiveError) in
            try listing.endArchive(hasEndMark: hasEndMark, next: 0)
        }
        let (head, all) = try streaming(nil) { () throws(StreamError) in
            try reader.rest().skippingZeros()
        }
        let format = StreamFormat(sniffing: head)
        guard format == .tar || format.isCompressed else {
            (rest, hasTail) = (all, !head.isEmpty)
            return
        }
        let opened = try Self.open(all, within: budget)
        compressed += [opened.compressed].compactMap(\.self)
        reader = opened.reader
    }

    private static func open(
        _ source: any ByteSource,
        within budget: ExpansionBudget
    ) throws(SourceFault) -> (reader: ArchiveReader, compressed: DecompressedStream?) {
        let (head, all) = try streaming(nil) { () throws(StreamError) in try source.sniffing() }
        let format = StreamFormat(sniffing: head)
        guard format.isCompressed else { return (try openTar(all), nil) }
        let (stream, start, content) = try streaming(nil) { () throws(StreamError) in
            let stream = try DecompressedStream(all, format, scope: .run, within: budget)
            let (start, content) = try stream.sniffing()
            return (stream, start, content)
        }
        let inner = StreamFormat(sniffing: start)
        guard !inner.isCompressed else { throw .foreign(.compressedTwice(outer: "\(format)")) }
        let tar = try ForeignInput.refuse(content, beginning: start, in: format)
        return (try openTar(tar), stream)
    }

    private static func openTar(_ source: any ByteSource) throws(SourceFault) -> ArchiveReader {
        try reading(nil) { () throws(ArchiveError) in try ArchiveReader(tar: source) }
    }

    /// Refuses a member that is too large for the disk, before writing any of it.
    ///
    /// This check is necessary because even a small compressed archive may contain a huge member.
    private func checkRoom(for file: MemberFile) throws(SourceFault) {
        guard file.size > Recipe.chunkSize else { return }
        try storing { () throws(FileError) in try store.checkRoom([file.size]) }
    }

    private func fill(_ chunk: Chunk, _ member: String) throws(SourceFault) {
        try streaming(member) { () throws(StreamError) in
            chunk.fill(unsafe try reader.read(into: chunk.buffer))
        }
    }

    /// Stores a member that isn't a raw layer; the chunk already contains the member's beginning.
    private func keep(
        _ file: MemberFile,
        format: StreamFormat,
        beginning chunk: Chunk
    ) throws(SourceFault) -> Stored {
        let source = unsafe Prefixed(Array(chunk.raw), reader)
        let copy = unsafe try BlobCopy.run(
            source,
            member: file.path.description,
            decoding: format,
            within: budget,
            to: store,
            progress: progress,
            buffer: chunk.buffer
        )
        return .kept(copy, format.layerEncoding)
    }

    private func encode(
        _ chunk: Chunk,
        of layer: RawLayerWriter,
        _ worker: Worker
    ) throws(SourceFault) -> Step {
        try layer.checkHealth()
        if unsafe chunk.raw.count < Recipe.chunkSize {
            stored.append(.raw(layer))
            self.layer = nil
        }
        return layer.take(chunk, worker: worker, progress: progress)
    }

    /// Reads everything after the last archive.
    ///
    /// So a program that writes to a pipe can finish, and a compressed stream is checked to its
    /// end.
    private func drain(_ worker: Worker) throws(SourceFault) {
        try streaming(nil) { () throws(StreamError) in
            while let rest, unsafe try rest.read(into: worker.chunk.buffer) > 0 {}
        }
    }
}
