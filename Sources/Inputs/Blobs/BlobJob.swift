// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// Stores one needed member in the required form.
///
/// The first step does all work that needs only one thread (`BlobReuse`). If the member is a raw
/// layer that must be encoded, each step reads one chunk of it.
final class BlobJob: Job {
    private enum State {
        case waiting
        case reading(any ByteSource, RawLayerWriter)
        /// All bytes are read, but other threads may still encode or write chunks.
        case read(RawLayerWriter)
        case done(Result<StoredBlob, SourceFault>)
    }

    let need: BlobNeed
    private let progress: any Progress
    /// Only one step at a time accesses `reuse` and `state`; `result()` accesses them after the
    /// last step.
    nonisolated(unsafe) private var reuse: BlobReuse
    nonisolated(unsafe) private var state = State.waiting

    init(
        _ need: BlobNeed,
        from source: any MemberSource,
        ledger: LayerLedger,
        progress: any Progress
    ) {
        self.need = need
        self.progress = progress
        unsafe reuse = BlobReuse(need, from: source, ledger: ledger, progress: progress)
    }

    /// The result, available after the pool has run.
    func result() throws(SourceFault) -> StoredBlob {
        switch unsafe state {
        case .done(let outcome): return try outcome.get()
        case .read(let writer):
            let layer = try writer.result()
            try need.check(diffID: layer.diffID)
            return unsafe reuse.ledger.entry(layer)
        case .waiting, .reading: preconditionFailure("the job has not run")
        }
    }

    var isReady: Bool {
        if case .reading(_, let writer) = unsafe state { writer.isReady } else { true }
    }

    func step(_ worker: Worker) -> Step {
        do throws(SourceFault) {
            switch unsafe state {
            case .waiting: return try begin(worker)
            case .reading(let source, let writer):
                return try read(source, into: writer, worker: worker)
            case .read, .done: return .last
            }
        } catch {
            if case .reading(_, let writer) = unsafe state { writer.discard() }
            unsafe state = .done(.failure(error))
            return .last
        }
    }

    private func begin(_ worker: Worker) throws(SourceFault) -> Step {
        if let stored = try unsafe reuse.blob(worker) {
            unsafe state = .done(.success(stored))
            return .last
        }
        let (source, writer) = try unsafe reuse.openRaw(worker)
        unsafe state = .reading(source, writer)
        return try read(source, into: writer, worker: worker)
    }

    private func read(
        _ source: any ByteSource,
        into writer: RawLayerWriter,
        worker: Worker
    ) throws(SourceFault) -> Step {
        try writer.checkHealth()
        let chunk = worker.chunk
        let count = try streaming(unsafe reuse.member) { () throws(StreamError) in
            unsafe try source.read(into: chunk.buffer)
        }
        chunk.fill(count)
        if count < Recipe.chunkSize { unsafe state = .read(writer) }
        return writer.take(chunk, worker: worker, progress: progress)
    }
}
