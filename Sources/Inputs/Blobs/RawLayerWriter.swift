// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams
internal import Synchronization

/// A raw layer that the recipe encoded: the staged blob and the diffID.
struct RecodedLayer {
    let blob: StagedBlob
    let diffID: Digest
    /// The annotations for the layer's descriptor.
    let annotations: [JSON.Member]
}

/// Writes a raw layer to the store.
///
/// The raw bytes are hashed when a chunk is taken, and chunks are encoded in any order. Then the
/// encoded bytes are hashed and written in order. The two hashes are in different steps, because a
/// hash can't use several cores, so one step with both would limit a large layer to three cores.
final class RawLayerWriter: Sendable {
    private let sink: Sink
    private let order: InOrder<Chunk>
    /// The number of chunks, and the hash of the raw layer; nil if the recipe has no encoding, so
    /// that the blob's digest is the diffID.
    ///
    /// They are used only by `take`, which a job calls from one step at a time.
    nonisolated(unsafe) private var count = 0
    nonisolated(unsafe) private var hash: SHA256?

    /// Creates a writer for chunks that this number of threads encodes.
    ///
    /// A blob that becomes larger than `limit` bytes is a `SourceFault.size`; nil for no limit.
    init(
        _ store: BlobStore,
        _ recipe: Recipe,
        threads: Int,
        limit: Int? = nil
    ) throws(SourceFault) {
        maximumBacklog = max(3, threads)
        let sink = try storing { () throws(FileError) in
            try Sink(try store.makeWriter(), recipe, limit: limit)
        }
        self.sink = sink
        unsafe hash = recipe.encoding == .none ? nil : SHA256()
        order = InOrder(write: { sink.write($0) }, finish: { sink.finish() })
    }

    /// Whether another chunk may be read; false while too many finished chunks wait for an earlier
    /// one, because they take up memory.
    var isReady: Bool { order.backlog < maximumBacklog }

    /// At least one for each thread, because the slowest of the chunks being encoded may be the
    /// first one.
    private let maximumBacklog: Int

    /// Throws the error if a chunk couldn't be written, so that the caller stops reading the layer.
    func checkHealth() throws(SourceFault) { try sink.checkHealth() }

    /// Takes the next chunk of the layer; a short chunk is the last one.
    ///
    /// The chunk is encoded and submitted concurrently with the next step. Only one thread at a
    /// time may call this function.
    func take(_ chunk: Chunk, worker: Worker, progress: any Progress) -> Step {
        let size = unsafe chunk.raw.count
        // If a layer's size is a multiple of the chunk size, don't add an empty chunk at the end.
        let place = unsafe size > 0 || count == 0 ? count : nil
        if place != nil { unsafe count += 1 }
        unsafe hash?.update(chunk.raw)
        if size < Recipe.chunkSize {
            unsafe sink.diffID = hash.take()?.finish()
            unsafe order.end(count: count)
        }
        return .more { [order] in
            if let place {
                worker.encode(chunk)
                order.submit(chunk, at: place)
            }
            progress.advance(size)
        }
    }

    /// The result, available once every chunk is written.
    func result() throws(SourceFault) -> RecodedLayer { try sink.result() }

    func discard() { sink.discard() }
}

/// The end of the pipeline, which receives the chunks in order.
///
/// Calls come from different threads, but only one at a time.
private final class Sink: Sendable {
    private let lock = Mutex(())
    /// The writer of the blob; nil after the layer was finished or discarded.
    ///
    /// The writer and the frame are accessed only under the lock.
    nonisolated(unsafe) private var writer: BlobWriter?
    /// The digest of the raw layer, set before the end of the layer; nil if it is that of the blob.
    nonisolated(unsafe) var diffID: Digest?
    private let outcome = Mutex<Result<RecodedLayer, SourceFault>?>(nil)
    nonisolated(unsafe) private var frame: LayerFrame
    /// What may still be written, in bytes; nil for no limit.
    nonisolated(unsafe) private var room: Int?
    private let limit: Int?

    init(_ writer: BlobWriter, _ recipe: Recipe, limit: Int?) throws(FileError) {
        unsafe self.writer = writer
        self.limit = limit
        unsafe room = limit
        unsafe frame = LayerFrame(recipe)
        unsafe try writer.write(frame.header)
    }

    func write(_ chunk: Chunk) {
        do throws(FileError) {
            let fits = try lock.withLock { (_) throws(FileError) in
                guard let writer = unsafe writer else { return true }
                if let left = unsafe room {
                    let rest = unsafe left - chunk.encoded.count
                    guard rest >= 0 else { return false }
                    unsafe room = rest
                }
                unsafe frame.append(chunk.checksum)
                unsafe try writer.write(chunk.encoded)
                return true
            }
            if !fits, let limit {
                settle(.failure(.size(member: "the layer", expected: limit, found: limit + 1)))
            }
        } catch {
            settle(.failure(.store(error)))
        }
    }

    func finish() {
        do throws(FileError) {
            let layer = try lock.withLock { (_) throws(FileError) -> RecodedLayer? in
                guard let writer = unsafe writer.take() else { return nil }
                unsafe try writer.write(frame.trailer)
                let blob = try writer.finish()
                return RecodedLayer(
                    blob: blob,
                    diffID: unsafe diffID ?? blob.digest,
                    annotations: unsafe frame.annotations
                )
            }
            if let layer { settle(.success(layer)) }
        } catch {
            settle(.failure(.store(error)))
        }
    }

    func checkHealth() throws(SourceFault) {
        if case .failure(let fault) = outcome.withLock(\.self) { throw fault }
    }

    func result() throws(SourceFault) -> RecodedLayer {
        guard let outcome = outcome.withLock(\.self) else {
            preconditionFailure("not all chunks were written")
        }
        return try outcome.get()
    }

    /// Discards the layer, and drops chunks that another thread still submits.
    ///
    /// The lock keeps the file open while a chunk is written. Otherwise the file's descriptor
    /// number could be reused for another file during the write.
    func discard() { lock.withLock { _ in try? unsafe writer.take()?.discard() } }

    private func settle(_ result: Result<RecodedLayer, SourceFault>) {
        outcome.withLock { $0 = $0 ?? result }
    }
}
