// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams
internal import Synchronization

/// What a raw layer became.
struct RecodedLayer {
    let blob: StagedBlob
    let diffID: Digest
}

/// A raw layer on its way into the store: encoded in any order, hashed and written in order.
final class RawLayerWriter: Sendable {
    private let sink: Sink
    private let order: InOrder<Chunk>
    /// Only `take` touches it, and a job lets one step at a time call it.
    nonisolated(unsafe) private var count = 0

    init(_ store: BlobStore, _ recipe: Recipe) throws(SourceFault) {
        let writer = try storing { () throws(FileError) in try store.makeWriter(hashing: false) }
        let sink = Sink(writer, isIdentity: recipe.encoding == .none)
        self.sink = sink
        order = InOrder(write: { sink.write($0) }, finish: { sink.finish() })
    }

    /// Whether there is room for more: finished chunks that wait for an earlier one take memory.
    var isReady: Bool { order.backlog < Self.maximumBacklog }

    private static let maximumBacklog = 3

    /// Throws what has gone wrong since: no need to read on then.
    func checkHealth() throws(SourceFault) { try sink.checkHealth() }

    /// Takes the next chunk of the layer, a short one as the last; it is encoded and put in its place
    /// beside the next step.
    ///
    /// One caller at a time.
    func take(_ chunk: Chunk, _ worker: Worker, _ progress: any Progress) -> Step {
        let size = unsafe chunk.raw.count
        // A layer whose size is a multiple of the chunk's ends with no chunk, not an empty one.
        let place = unsafe size > 0 || count == 0 ? count : nil
        if place != nil { unsafe count += 1 }
        if size < Recipe.chunkSize { unsafe order.end(count: count) }
        return .more { [order] in
            if let place {
                worker.encode(chunk)
                order.submit(chunk, at: place)
            }
            progress.advance(size)
        }
    }

    /// What came of it, once every chunk was put.
    func result() throws(SourceFault) -> RecodedLayer { try sink.result() }

    func discard() { sink.discard() }
}

/// The ordered end of a layer's way: one call at a time, from changing threads.
///
/// A chunk and its encoding are hashed here together: two computations side by side take less time
/// than one after the other.
private final class Sink: Sendable {
    private let lock = Mutex(())
    /// Nil once the layer is done or given up; touched only under the lock, as the hash is.
    nonisolated(unsafe) private var writer: BlobWriter?
    nonisolated(unsafe) private var hash: SHA256Pair? = SHA256Pair()
    private let outcome = Mutex<Result<RecodedLayer, SourceFault>?>(nil)
    /// An encoding that leaves the bytes alone leaves their digest alone.
    private let isIdentity: Bool

    init(_ writer: BlobWriter, isIdentity: Bool) {
        unsafe self.writer = writer
        self.isIdentity = isIdentity
    }

    func write(_ chunk: Chunk) {
        do throws(FileError) {
            try lock.withLock { (_) throws(FileError) in
                guard let writer = unsafe writer else { return }
                let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
                unsafe hash?.update(chunk.raw, isIdentity ? nothing : chunk.encoded)
                unsafe try writer.write(chunk.encoded)
            }
        } catch {
            settle(.failure(.store(error)))
        }
    }

    func finish() {
        do throws(FileError) {
            let layer = try lock.withLock { (_) throws(FileError) -> RecodedLayer? in
                guard let writer = unsafe writer.take(), let digests = unsafe hash.take()?.finish()
                else { return nil }
                let digest = isIdentity ? digests.first : digests.second
                return RecodedLayer(
                    blob: try writer.finish(hashed: digest),
                    diffID: digests.first
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

    /// Gives up, also while another thread still brings chunks: those are dropped.
    ///
    /// The lock keeps the file open as long as one is being written: its number must not come to
    /// mean another file meanwhile.
    func discard() { lock.withLock { _ in try? unsafe writer.take()?.discard() } }

    private func settle(_ result: Result<RecodedLayer, SourceFault>) {
        outcome.withLock { $0 = $0 ?? result }
    }
}
