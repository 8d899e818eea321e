// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Synchronization

/// A raw layer on its way into the store: hashed in order, encoded in any order, written in order.
final class RawLayerWriter: Sendable {
    private let sink: Sink
    private let order: InOrder
    private let isIdentity: Bool
    /// Only `take` and `end` touch these, and a job lets one step at a time call them.
    nonisolated(unsafe) private var hash: SHA256? = SHA256()
    nonisolated(unsafe) private var count = 0

    init(_ store: BlobStore, _ recipe: Recipe) throws(SourceFault) {
        // An encoding that leaves the bytes alone leaves their digest alone.
        isIdentity = recipe.encoding == .none
        let hashing = !isIdentity
        let sink = Sink(
            try storing { () throws(FileError) in try store.makeWriter(hashing: hashing) }
        )
        self.sink = sink
        order = unsafe InOrder(write: { unsafe sink.write($0) }, finish: { sink.finish() })
    }

    /// Whether there is room for more: finished chunks that wait for an earlier one take memory.
    var isReady: Bool { order.backlog < Self.maximumBacklog }

    private static let maximumBacklog = 8

    /// Throws what has gone wrong since: no need to read on then.
    func checkHealth() throws(SourceFault) { try sink.checkHealth() }

    /// Takes the next chunk of the layer; returns its place for `put`, nil if there is nothing to
    /// put.
    ///
    /// One caller at a time.
    func take(_ chunk: UnsafeRawBufferPointer) -> Int? {
        // A layer whose size is a multiple of the chunk's ends with no chunk, not an empty one.
        guard unsafe !chunk.isEmpty || count == 0 else { return nil }
        unsafe hash?.update(chunk)
        unsafe count += 1
        return unsafe count - 1
    }

    /// Hands in an encoded chunk, from any thread.
    func put(_ encoded: UnsafeRawBufferPointer, at place: Int) {
        unsafe order.submit(encoded, at: place)
    }

    /// Says that the last chunk was taken, if not yet put; returns the layer's diffID.
    func end() -> Digest {
        guard let diffID = unsafe hash.take()?.finish() else { preconditionFailure("ended twice") }
        if isIdentity { sink.settleDigest(diffID) }
        unsafe order.end(count: count)
        return diffID
    }

    /// The blob, once every chunk was put.
    func result() throws(SourceFault) -> StagedBlob { try sink.result() }

    func discard() { sink.discard() }
}

/// The ordered end of a layer's way: one call at a time, from changing threads.
private final class Sink: Sendable {
    private let lock = Mutex(())
    /// Nil once the layer is done or given up; touched only under the lock.
    nonisolated(unsafe) private var writer: BlobWriter?
    private let outcome = Mutex<Result<StagedBlob, SourceFault>?>(nil)
    /// Known from elsewhere, if the writer doesn't hash.
    private let digest = Mutex<Digest?>(nil)

    init(_ writer: BlobWriter) { unsafe self.writer = writer }

    func write(_ bytes: UnsafeRawBufferPointer) {
        do throws(FileError) {
            try lock.withLock { (_) throws(FileError) in unsafe try writer?.write(bytes) }
        } catch {
            settle(.failure(.store(error)))
        }
    }

    func settleDigest(_ known: Digest) { digest.withLock { $0 = known } }

    func finish() {
        let known = digest.withLock(\.self)
        do throws(FileError) {
            let blob = try lock.withLock { (_) throws(FileError) in
                try unsafe writer.take()?.finish(hashed: known)
            }
            if let blob { settle(.success(blob)) }
        } catch {
            settle(.failure(.store(error)))
        }
    }

    func checkHealth() throws(SourceFault) {
        if case .failure(let fault) = outcome.withLock(\.self) { throw fault }
    }

    func result() throws(SourceFault) -> StagedBlob {
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

    private func settle(_ result: Result<StagedBlob, SourceFault>) {
        outcome.withLock { $0 = $0 ?? result }
    }
}
