// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Synchronization

/// Reads an archive once, in order, and stores every member.
final class SpoolJob: Job {
    private enum Stored {
        case kept(BlobCopy.Result, LayerEncoding)
        case raw(RawLayerWriter, Digest)
    }

    // One step at a time reads the archive; only encoding runs beside it.
    nonisolated(unsafe) private let source: any ByteSource
    nonisolated(unsafe) private let reader: ArchiveReader
    nonisolated(unsafe) private var listing = ArchiveListing()
    nonisolated(unsafe) private var stored: [Int: Stored] = [:]
    nonisolated(unsafe) private var raw: RawLayerWriter?
    nonisolated(unsafe) private var current: MemberFile?
    nonisolated(unsafe) private var end = 0
    /// Numbers the files, to find them again.
    nonisolated(unsafe) private var count = 0
    private let store: BlobStore
    private let recipe: Recipe
    private let progress: any Progress
    private let fault = Mutex<SourceFault?>(nil)

    init(
        _ source: any ByteSource,
        store: BlobStore,
        recipe: Recipe,
        progress: any Progress
    ) throws(SourceFault) {
        unsafe self.source = source
        self.store = store
        self.recipe = recipe
        self.progress = progress
        unsafe reader = try reading(nil) { () throws(ArchiveError) in
            try ArchiveReader(tar: source)
        }
    }

    var isReady: Bool { unsafe raw?.isReady ?? true }

    func step(_ worker: Worker, release: () -> Void) {
        do throws(SourceFault) {
            if unsafe raw == nil { return try advance(worker, release) }
            try encodeNext(worker, release)
        } catch {
            fault.withLock { $0 = error }
        }
    }

    /// All names, and what became of each file, after the pool has run.
    func result() throws(SourceFault) -> (members: MemberTable, spooled: [Int: SpooledMember]) {
        if let fault = fault.withLock(\.self) { throw fault }
        var spooled: [Int: SpooledMember] = [:]
        for (location, member) in unsafe stored {
            switch member {
            case .kept(let copy, let encoding):
                spooled[location] = SpooledMember(
                    blob: copy.blob,
                    diffID: copy.diffID,
                    encoding: encoding,
                    isRecoded: false
                )
            case .raw(let writer, let diffID):
                spooled[location] = SpooledMember(
                    blob: try writer.result(),
                    diffID: .success(diffID),
                    encoding: recipe.encoding,
                    isRecoded: true
                )
            }
        }
        return unsafe (listing.members, spooled)
    }

    /// Goes on to the next file that is a raw layer; stores what comes before it.
    private func advance(_ worker: Worker, _ release: () -> Void) throws(SourceFault) {
        while let (entry, offset) = try nextEntry() {
            unsafe end = max(end, offset)
            let file = try reading(nil) { () throws(ArchiveError) in
                unsafe try listing.add(entry, location: count)
            }
            guard let file else { continue }
            unsafe count += 1
            unsafe end = offset + file.size
            let start = try read(file, worker)
            let head = unsafe UnsafeRawBufferPointer(rebasing: worker.buffer[..<start])
            let format = unsafe StreamFormat(sniffing: head)
            guard format == .tar else {
                unsafe stored[file.location] = try keep(file, head, format, worker)
                continue
            }
            let writer = try RawLayerWriter(store, recipe)
            unsafe (raw, current) = (writer, file)
            return unsafe try encode(head, worker, release)
        }
        try drain(worker)
    }

    private func nextEntry() throws(SourceFault) -> (ArchiveEntry, Int)? {
        try reading(nil) { () throws(ArchiveError) in
            unsafe try reader.nextEntry().map { unsafe ($0, reader.position) }
        }
    }

    private func read(_ file: MemberFile, _ worker: Worker) throws(SourceFault) -> Int {
        try reading(file.path.description) { () throws(ArchiveError) in
            unsafe try reader.read(into: worker.buffer)
        }
    }

    private func keep(
        _ file: MemberFile,
        _ head: UnsafeRawBufferPointer,
        _ format: StreamFormat,
        _ worker: Worker
    ) throws(SourceFault) -> Stored {
        let source = unsafe Prefixed(Array(head), reader)
        let copy = unsafe try BlobCopy.run(
            source,
            member: file.path.description,
            decoding: format,
            to: store,
            progress: progress,
            buffer: worker.buffer
        )
        return .kept(copy, format.layerEncoding ?? .none)
    }

    private func encodeNext(_ worker: Worker, _ release: () -> Void) throws(SourceFault) {
        guard let file = unsafe current else { return }
        let count = try read(file, worker)
        unsafe try encode(
            UnsafeRawBufferPointer(rebasing: worker.buffer[..<count]),
            worker,
            release
        )
    }

    private func encode(
        _ chunk: UnsafeRawBufferPointer,
        _ worker: Worker,
        _ release: () -> Void
    ) throws(SourceFault) {
        guard let (writer, file) = unsafe raw.flatMap({ raw in unsafe current.map { (raw, $0) } })
        else { return }
        try writer.checkHealth()
        let place = unsafe writer.take(chunk)
        if chunk.count < Recipe.chunkSize {
            unsafe stored[file.location] = .raw(writer, writer.end())
            unsafe (raw, current) = (nil, nil)
        }
        release()
        if let place { unsafe writer.put(worker.encoder.encode(chunk), at: place) }
        progress.advance(chunk.count)
    }

    /// Reads what follows the archive, so that a pipe's writer isn't cut off and a compressed stream
    /// is checked to its end; checks the archive's end mark.
    private func drain(_ worker: Worker) throws(SourceFault) {
        try reading(nil) { () throws(ArchiveError) in
            guard unsafe reader.position >= ArchiveListing.padded(end) + ArchiveListing.blockSize
            else { throw .truncated }
            while unsafe try source.read(into: worker.buffer) > 0 {}
        }
    }
}
