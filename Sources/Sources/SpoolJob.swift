// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store

/// Reads an archive once, in order, and stores every member.
final class SpoolJob: Job {
    /// Touched by one step at a time, and after the last; only encoding runs beside it.
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

    /// All names, and what became of each file, after the pool has run.
    func result() throws(SourceFault) -> (members: MemberTable, spooled: [Int: SpooledMember]) {
        if let fault = unsafe fault { throw fault }
        return try unsafe spool.result()
    }
}

/// An archive as it passes by: where the reader is, and what became of what came before.
final class Spool {
    private enum Stored {
        case kept(BlobCopy.Result, LayerEncoding?)
        case raw(RawLayerWriter, diffID: Digest)
    }

    private let source: any ByteSource
    private let reader: ArchiveReader
    private let store: BlobStore
    private let recipe: Recipe
    private let progress: any Progress
    private var listing = ArchiveListing()
    /// By number: files are counted, to find them again.
    private var stored: [Stored] = []
    /// The raw layer that the reader is in.
    private var layer: (member: String, writer: RawLayerWriter)?

    init(
        _ source: any ByteSource,
        store: BlobStore,
        recipe: Recipe,
        progress: any Progress
    ) throws(SourceFault) {
        self.source = source
        self.store = store
        self.recipe = recipe
        self.progress = progress
        reader = try reading(nil) { () throws(ArchiveError) in try ArchiveReader(tar: source) }
    }

    var isReady: Bool { layer?.writer.isReady ?? true }

    /// A chunk of a raw layer, or everything up to the first chunk of the next one.
    func step(_ worker: Worker) throws(SourceFault) -> Step {
        if let layer {
            let count = try read(layer.member, worker)
            return try unsafe encode(worker.buffer[..<count], of: layer.writer, worker)
        }
        while let file = try nextFile() {
            let count = try read(file.path.description, worker)
            let head = unsafe UnsafeRawBufferPointer(rebasing: worker.buffer[..<count])
            let format = unsafe StreamFormat(sniffing: head)
            if format == .tar {
                let writer = try RawLayerWriter(store, recipe)
                layer = (file.path.description, writer)
                return try unsafe encode(worker.buffer[..<count], of: writer, worker)
            }
            stored.append(try unsafe keep(file, head, format, worker))
        }
        try drain(worker)
        return .last
    }

    func result() throws(SourceFault) -> (members: MemberTable, spooled: [Int: SpooledMember]) {
        var spooled: [Int: SpooledMember] = [:]
        for (location, member) in stored.enumerated() {
            switch member {
            case .kept(let copy, let encoding): spooled[location] = .kept(copy, encoding)
            case .raw(let writer, let diffID):
                spooled[location] = .recoded(try writer.result(), diffID: diffID)
            }
        }
        return (listing.members, spooled)
    }

    private func nextFile() throws(SourceFault) -> MemberFile? {
        try reading(nil) { () throws(ArchiveError) in
            while let entry = try reader.nextEntry() {
                let file = try listing.add(entry, at: reader.position, location: stored.count)
                if let file { return file }
            }
            return nil
        }
    }

    private func read(_ member: String, _ worker: Worker) throws(SourceFault) -> Int {
        try reading(member) { () throws(ArchiveError) in
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
        return .kept(copy, format.layerEncoding)
    }

    private func encode(
        _ bytes: Slice<UnsafeMutableRawBufferPointer>,
        of layer: RawLayerWriter,
        _ worker: Worker
    ) throws(SourceFault) -> Step {
        try layer.checkHealth()
        let chunk = unsafe UnsafeRawBufferPointer(rebasing: bytes)
        let place = unsafe layer.take(chunk)
        if chunk.count < Recipe.chunkSize {
            stored.append(.raw(layer, diffID: layer.end()))
            self.layer = nil
        }
        return .more { [progress] in
            if let place { unsafe layer.put(worker.encoder.encode(chunk), at: place) }
            progress.advance(chunk.count)
        }
    }

    /// Reads what follows the archive, so that a pipe's writer isn't cut off and a compressed stream
    /// is checked to its end; checks the archive's end mark.
    private func drain(_ worker: Worker) throws(SourceFault) {
        try reading(nil) { () throws(ArchiveError) in
            guard reader.position >= listing.endMark.upperBound else { throw .truncated }
            while unsafe try source.read(into: worker.buffer) > 0 {}
        }
    }
}
