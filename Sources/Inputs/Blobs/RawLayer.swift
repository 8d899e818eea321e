// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
package import Compression
package import OCI
package import Store
package import Streams
internal import Synchronization

/// A blob that became larger than it may be.
package struct BlobOverflow: Error, Hashable, Sendable {
    /// The limit in bytes.
    package let limit: Int
}

/// A raw layer that doesn't come from an input, such as the result of a patch.
package enum RawLayer {
    /// Encodes a raw layer into the store's staging folder.
    ///
    /// The encoding ends with an error as soon as the blob is larger than `limit` bytes.
    ///
    /// - Returns: the blob, and the diffID of the layer.
    /// - Throws: `StreamError` if the source can't be read, `BlobOverflow`, `FileError` if the store
    ///   can't be written.
    package static func encode(
        _ source: any ByteSource,
        recipe: Recipe,
        limit: Int,
        to store: BlobStore,
        threads: Int,
        progress: any Progress
    ) throws -> (blob: StagedBlob, diffID: Digest) {
        let writer: RawLayerWriter
        do throws(SourceFault) {
            writer = try RawLayerWriter(store, recipe, threads: threads, limit: limit)
        } catch { throw error.cause }
        let job = EncodingJob(source, writer, progress)
        WorkerPool.run([job], threads: threads, recipe: recipe)
        return try job.result()
    }

    /// Decompresses a layer, in pieces that stay in the processor's cache until they are used.
    ///
    /// - Throws: `StreamError` if the layer is damaged, and the errors of `each`.
    package static func decode(
        _ layer: any ByteSource,
        within budget: ExpansionBudget,
        each: (UnsafeRawBufferPointer) throws(StreamError) -> Void
    ) throws(StreamError) {
        let source = try decoded(layer, within: budget)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { unsafe buffer.deallocate() }
        while true {
            let count = unsafe try source.read(into: buffer)
            guard count > 0 else { return }
            unsafe try each(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The raw bytes of a layer, which is given by its bytes in the store.
    package static func decoded(
        _ layer: any ByteSource,
        within budget: ExpansionBudget
    ) throws(StreamError) -> any ByteSource {
        let (head, all) = try layer.sniffing()
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

    init(_ source: any ByteSource, _ writer: RawLayerWriter, _ progress: any Progress) {
        unsafe self.source = source
        (self.writer, self.progress) = (writer, progress)
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
        } catch {
            writer.discard()
            throw error.cause
        }
    }
}

extension SourceFault {
    /// The error of the store, or the blob that became too large, if this is the cause.
    fileprivate var cause: any Error {
        switch self {
        case .store(let error): error
        case .size(_, let expected, _): BlobOverflow(limit: expected)
        default: self
        }
    }
}
