// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Synchronization

/// Brings one needed member into the store, in the form that is needed.
final class BlobJob: Job {
    let need: BlobNeed
    private let ingest: Ingest
    private let outcome = Mutex<Result<StoredBlob, SourceFault>?>(nil)
    /// Set by the first step of a raw layer; later steps follow it.
    nonisolated(unsafe) private var raw: (source: (any ByteSource)?, writer: RawLayerWriter)?

    init(_ need: BlobNeed, _ ingest: Ingest) {
        self.need = need
        self.ingest = ingest
    }

    /// What came of it, after the pool has run.
    func result() throws(SourceFault) -> StoredBlob {
        if let outcome = outcome.withLock(\.self) { return try outcome.get() }
        guard let writer = unsafe raw?.writer, case .layer(let diffID) = need.form else {
            preconditionFailure("the job has not run")
        }
        return ingest.encoded(try writer.result(), diffID: diffID)
    }

    var isReady: Bool { unsafe raw?.writer.isReady ?? true }

    func step(_ worker: Worker, release: () -> Void) {
        do throws(SourceFault) {
            if unsafe raw == nil, let stored = try begin(worker) {
                outcome.withLock { $0 = .success(stored) }
            } else {
                try rawStep(worker, release)
            }
        } catch {
            unsafe raw?.writer.discard()
            outcome.withLock { $0 = .failure(error) }
        }
    }

    private var member: String { need.file.path.description }

    /// Does everything that one thread does alone; nil if a raw layer is to be encoded.
    private func begin(_ worker: Worker) throws(SourceFault) -> StoredBlob? {
        if let known = try ingest.known(need, worker) { return known }
        if let spooled = try ingest.adopt(need) { return spooled }
        let format = try ingest.source.format(of: need.file)
        switch need.form {
        case .asIs(_, let diffID):
            return try copy(worker, format, isLayer: diffID != nil)
        case .layer:
            if format == .gzip || format == .zstd {
                return try copy(worker, format, isLayer: true)
            }
            try openRaw(format)
            return nil
        }
    }

    private func copy(
        _ worker: Worker,
        _ format: StreamFormat,
        isLayer: Bool
    ) throws(SourceFault) -> StoredBlob {
        let source = try reading(member) { () throws(ArchiveError) in
            try ingest.source.open(need.file)
        }
        let copied = unsafe try BlobCopy.run(
            source,
            member: member,
            decoding: isLayer ? format : nil,
            to: ingest.store,
            progress: ingest.progress,
            buffer: worker.buffer
        )
        return try ingest.copied(copied, need: need, encoding: format.layerEncoding ?? .none)
    }

    private func openRaw(_ format: StreamFormat) throws(SourceFault) {
        let source = try reading(member) { () throws(ArchiveError) -> any ByteSource in
            try format.decompressing(ingest.source.open(need.file))
        }
        unsafe raw = (source, try RawLayerWriter(ingest.store, ingest.recipe))
    }

    private func rawStep(_ worker: Worker, _ release: () -> Void) throws(SourceFault) {
        guard let writer = unsafe raw?.writer, let source = unsafe raw?.source else { return }
        try writer.checkHealth()
        let count = try reading(member) { () throws(ArchiveError) in
            unsafe try source.read(into: worker.buffer)
        }
        let chunk = unsafe UnsafeRawBufferPointer(rebasing: worker.buffer[..<count])
        let place = unsafe writer.take(chunk)
        if unsafe count < worker.buffer.count {
            unsafe raw?.source = nil
            try need.check(diffID: writer.end())
        } else {
            release()
        }
        if let place { unsafe writer.put(worker.encoder.encode(chunk), at: place) }
        ingest.progress.advance(count)
    }
}
