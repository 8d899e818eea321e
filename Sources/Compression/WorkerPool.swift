// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Synchronization

// This diagram shows how the pool processes a layer. A job reads chunks in order, several threads
// encode them at the same time, and `InOrder` restores their order:
//
//     thread 1   step: read, hash chunk 0 ─ beside: encode 0 ──────┐
//     thread 2           step: read, hash chunk 1 ─ beside: encode 1 ──┤ in order: hash, write
//     thread 1                  step: read, hash chunk 2 ─ beside: encode 2 ┘  (any thread does it)
//
// `Job.step` reads a chunk, and adds it to the hash of the raw layer, while no other thread runs a
// step of the same job. `Step.more` gives the job back to the pool, and this thread then encodes the
// chunk. `InOrder` passes finished chunks on in order.

/// Work in steps that run one at a time; only their `beside` parts may run at the same time on
/// several threads.
package protocol Job: AnyObject, Sendable {
    /// Whether a step may start; false while too many finished results wait for an earlier one.
    var isReady: Bool { get }

    /// Performs one step; never called by two threads at once.
    func step(_ worker: Worker) -> Step
}

/// The result of a step: whether the job continues.
package enum Step {
    case last
    /// The job has another step, which any thread may run; meanwhile, this worker runs `beside`.
    case more(beside: () -> Void)
}

/// The resources of one thread.
package final class Worker {
    private let encoder: ChunkEncoder
    private let pool: ChunkPool
    private var current: Chunk?
    /// The number of threads in the pool.
    package let threads: Int

    fileprivate init(_ recipe: Recipe, _ pool: ChunkPool, threads: Int) {
        encoder = ChunkEncoder(recipe)
        self.pool = pool
        self.threads = threads
    }

    /// The chunk for the current step, owned by this worker until the step passes it on.
    package var chunk: Chunk {
        guard let current else { preconditionFailure("only in a step") }
        return current
    }

    package func encode(_ chunk: Chunk) { chunk.encode(encoder) }

    /// Takes a new chunk before each step, because the previous chunk may still be waiting to be
    /// written.
    fileprivate func prepare() {
        current = nil
        current = pool.take()
    }
}

/// The chunks of all workers.
///
/// The pool never frees chunks, so it keeps the largest number that were in use at the same time.
private final class ChunkPool: Sendable {
    private let chunks = Mutex<[Chunk]>([])

    /// Returns a chunk that has no other owner.
    func take() -> Chunk {
        chunks.withLock { chunks in
            for index in chunks.indices where isKnownUniquelyReferenced(&chunks[index]) {
                return chunks[index]
            }
            chunks.append(Chunk())
            return chunks[chunks.count - 1]
        }
    }
}

/// A scheduler that runs all parallel work on a limited number of threads.
///
/// All threads run steps of all open jobs. So a single large layer keeps as many cores busy as many
/// small layers do. Only one chunk for each thread, and the chunks that wait to be written, are in
/// memory.
package final class WorkerPool: Sendable {
    private struct State {
        /// Jobs that haven't started, in reverse order.
        var pending: [any Job]
        /// Started jobs that are free for the next step.
        var steppable: [any Job] = []
        /// The number of jobs that have a step running on a thread now.
        var exclusive = 0
    }

    private let monitor = Monitor()
    private let openLimit: Int
    nonisolated(unsafe) private var state: State

    private init(_ jobs: [any Job], openLimit: Int) {
        unsafe state = State(pending: jobs.reversed())
        self.openLimit = openLimit
    }

    /// Runs all jobs to their end; starts them in the given order, as threads become free.
    ///
    /// If the system refuses to create some of the threads, the other threads do all the work.
    package static func run(_ jobs: [any Job], threads: Int, recipe: Recipe) {
        let pool = WorkerPool(jobs, openLimit: threads)
        let chunks = ChunkPool()
        Threads.run(threads) {
            let worker = Worker(recipe, chunks, threads: threads)
            while let job = pool.next() { pool.step(job, worker) }
        }
    }

    private func next() -> (any Job)? {
        monitor.locked {
            while true {
                if let job = takeReady() {
                    unsafe state.exclusive += 1
                    return job
                }
                if unsafe state.exclusive == 0 && state.steppable.isEmpty { return nil }
                monitor.wait()
            }
        }
    }

    private func takeReady() -> (any Job)? {
        if let index = unsafe state.steppable.firstIndex(where: \.isReady) {
            return unsafe state.steppable.remove(at: index)
        }
        guard unsafe state.steppable.count + state.exclusive < openLimit else { return nil }
        return unsafe state.pending.popLast()
    }

    private func step(_ job: any Job, _ worker: Worker) {
        worker.prepare()
        let step = job.step(worker)
        monitor.locked {
            unsafe state.exclusive -= 1
            if case .more = step { unsafe state.steppable.append(job) }
            monitor.wakeAll()
        }
        guard case .more(let rest) = step else { return }
        rest()
        // Wake all threads, because a job that waited for this result may be ready now.
        monitor.locked { monitor.wakeAll() }
    }
}
