// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
package import Compression
package import OCI
package import Store
package import Streams
internal import Synchronization

/// A raw layer that doesn't come from an input, such as the result of a patch.
package enum RawLayer {
    /// Encodes a raw layer into the store's staging folder.
    ///
    /// - Returns: the blob, and the diffID of the layer.
    /// - Throws: `StreamError` if the source can't be read, `FileError` if the store can't be written.
    package static func encode(
        _ source: any ByteSource,
        recipe: Recipe,
        to store: BlobStore,
        threads: Int,
        progress: any Progress
    ) throws -> (blob: StagedBlob, diffID: Digest) {
        let job = try EncodingJob(source, recipe: recipe, store: store, threads: threads, progress)
        WorkerPool.run([job], threads: threads, recipe: recipe)
        return try job.result()
    }

    /// Decompresses a layer of a store into a temporary file in the staging folder of another store, or
    /// of the same one.
    ///
    /// The digest of the result is the layer's diffID.
    ///
    /// - Throws: `StreamError` if the layer is damaged, `FileError`.
    package static func decode(
        _ layer: Digest,
        of store: BlobStore,
        to scratch: BlobStore,
        within budget: ExpansionBudget
    ) throws -> StagedBlob {
        let source = try decoded(try store.reader(of: layer), within: budget)
        let writer = try scratch.makeWriter(isTemporary: true)
        do {
            while true {
                let bytes = try source.bytes(Recipe.chunkSize)
                guard !bytes.isEmpty else { return try writer.finish() }
                try writer.write(bytes)
            }
        } catch {
            try writer.discard()
            throw error
        }
    }

    /// The raw bytes of a stored layer.
    private static func decoded(
        _ layer: FileReader,
        within budget: ExpansionBudget
    ) throws(StreamError) -> any ByteSource {
        let (head, all) = try StoredSource(layer).sniffing()
        return try StreamFormat(sniffing: head).decompressing(all, within: budget)
    }
}

/// Encodes one raw layer, a chunk in each step.
private final class EncodingJob: Job {
    private let writer: RawLayerWriter
    private let progress: any Progress
    private let failure = Mutex<StreamError?>(nil)
    /// Only one step at a time reads the source.
    nonisolated(unsafe) private let source: any ByteSource
    nonisolated(unsafe) private var isAtEnd = false

    init(
        _ source: any ByteSource,
        recipe: Recipe,
        store: BlobStore,
        threads: Int,
        _ progress: any Progress
    ) throws {
        unsafe self.source = source
        self.progress = progress
        do throws(SourceFault) {
            writer = try RawLayerWriter(store, recipe, threads: threads)
        } catch { throw error.fileError ?? error as any Error }
    }

    var isReady: Bool { writer.isReady }

    func step(_ worker: Worker) -> Step {
        guard unsafe !isAtEnd, (try? writer.checkHealth()) != nil else { return .last }
        let chunk = worker.chunk
        do throws(StreamError) {
            let count = unsafe try source.read(into: chunk.buffer)
            chunk.fill(count)
            if count < Recipe.chunkSize { unsafe isAtEnd = true }
            return writer.take(chunk, worker: worker, progress: progress)
        } catch {
            failure.withLock { $0 = error }
            writer.discard()
            return .last
        }
    }

    func result() throws -> (blob: StagedBlob, diffID: Digest) {
        if let error = failure.withLock(\.self) { throw error }
        do throws(SourceFault) {
            let layer = try writer.result()
            return (layer.blob, layer.diffID)
        } catch { throw error.fileError ?? error as any Error }
    }
}

extension SourceFault {
    /// The error of the store, if it is the cause.
    fileprivate var fileError: FileError? {
        if case .store(let error) = self { error } else { nil }
    }
}
