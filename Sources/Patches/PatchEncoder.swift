// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch
internal import Compression
package import OCI
package import Streams
internal import Synchronization

/// Makes a patch: from one or more raw layers, the bases, to another one, the target.
///
/// The bytes of the patch depend only on the files and on the version of libzstd, and not on the number
/// of threads. Heap memory is limited to 256 MiB, apart from the scratch and from the mapped files.
package struct PatchEncoder {
    /// A raw layer and its digest.
    package struct Layer {
        package let diffID: Digest
        package let file: MappedFile

        package init(diffID: Digest, file: MappedFile) {
            (self.diffID, self.file) = (diffID, file)
        }

        fileprivate var named: PatchHeader.Layer {
            PatchHeader.Layer(diffID: diffID, size: file.size)
        }
    }

    private let target: Layer
    private let bases: [Layer]
    private let threads: Int

    /// - Parameters:
    ///   - target: the layer to make; at most `PatchHeader.maximumSize` bytes.
    ///   - bases: one to `PatchHeader.maximumBases` layers.
    ///   - threads: the largest number of threads.
    package init(target: Layer, bases: [Layer], threads: Int) {
        precondition(
            (1...PatchHeader.maximumBases).contains(bases.count)
                && ([target] + bases).allSatisfy { $0.file.size <= PatchHeader.maximumSize },
            "a patch has one to \(PatchHeader.maximumBases) bases"
        )
        (self.target, self.bases, self.threads) = (target, bases, threads)
    }

    /// Makes the patch.
    ///
    /// - Parameters:
    ///   - limit: the largest useful size of the patch in bytes, such as that of the layer's blob; the
    ///     encoder stops soon after the patch has become larger.
    ///   - scratch: an empty place for the streams.
    ///   - sink: gets the bytes of the patch, in order, after all of it was made.
    /// - Returns: the header, or nil if the patch would be larger than the limit.
    /// - Throws: `StreamError`, of the scratch or of the sink.
    package func make(
        limit: Int = .max,
        scratch: any PatchScratch = MemoryScratch(),
        to sink: ByteSink
    ) throws(StreamError) -> PatchHeader? {
        guard let sizes = try streams(limit, scratch) else { return nil }
        let header = PatchHeader(target: target.named, bases: bases.map(\.named), streams: sizes)
        guard header.patchSize <= limit else { return nil }
        unsafe try header.bytes.withUnsafeBufferPointer { (bytes) throws(StreamError) in
            unsafe try sink(UnsafeRawBufferPointer(bytes))
        }
        for stream in PatchStream.allCases { unsafe try scratch.copy(stream, to: sink) }
        return header
    }

    private func streams(
        _ limit: Int,
        _ scratch: any PatchScratch
    ) throws(StreamError) -> [Int]? {
        let files = bases.map(\.file)
        let plan = PatchPlan(target.file, files)
        let queue = WalkQueue(plan.jobs, target: target.file, bases: files, threads: threads)
        let writer = OperationWriter(target.file, files, to: scratch)
        let result = Mutex<Result<[Int]?, StreamError>>(.success(nil))
        nonisolated(unsafe) let main = MainPart(
            plan: plan,
            queue: queue,
            writer: writer,
            limit: limit
        )
        let isMain = Atomic(true)
        Threads.run(min(threads, 1 + plan.jobs.count)) {
            guard isMain.exchange(false, ordering: .relaxed) else { return queue.work() }
            let sizes = Result { () throws(StreamError) in unsafe try main.run() }
            result.withLock { $0 = sizes }
            queue.cancel()
        }
        return try result.withLock { $0 }.get()
    }
}

/// Writes the steps of a plan in order, with the results of the walks.
private struct MainPart {
    let plan: PatchPlan
    let queue: WalkQueue
    let writer: OperationWriter
    let limit: Int

    func run() throws(StreamError) -> [Int]? {
        for step in plan.steps {
            guard writer.size <= limit else { return nil }
            switch step {
            case .literal(let length): try writer.literal(length)
            case .copy(let base, let offset, let length):
                try writer.copy(base: base, offset: offset, length: length)
            case .match(let base, let offset, let length):
                try writer.match(base: base, offset: offset, length: length)
            case .walk(let number): try write(plan.jobs[number], queue.take())
            }
        }
        return try writer.finish()
    }

    private func write(_ job: WalkJob, _ matches: [rs_match]) throws(StreamError) {
        for match in matches {
            let start = job.target.lowerBound + Int(match.target)
            try writer.literal(start - writer.position)
            let offset = job.range.lowerBound + Int(match.base)
            try writer.match(base: job.base, offset: offset, length: Int(match.length))
        }
        try writer.literal(job.target.upperBound - writer.position)
    }
}
