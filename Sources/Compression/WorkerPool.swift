// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Dispatch
internal import Synchronization

/// Work in steps, of which one may be begun at a time and several be under way.
package protocol Job: AnyObject, Sendable {
    /// Whether a step may begin: false while too much finished work waits for an earlier step.
    var isReady: Bool { get }

    /// Does one step, by one thread at a time.
    func step(_ worker: Worker) -> Step
}

/// What follows a step.
package enum Step {
    case last
    /// The next step, by whoever comes; the worker goes on with what can be done beside it.
    case more(beside: () -> Void)
}

/// What each thread has for itself.
package final class Worker {
    private let encoder: ChunkEncoder
    private let pool: ChunkPool
    private var current: Chunk?

    fileprivate init(_ recipe: Recipe, _ pool: ChunkPool) {
        encoder = ChunkEncoder(recipe)
        self.pool = pool
    }

    /// Nobody else's until a step hands it on.
    package var chunk: Chunk {
        guard let current else { preconditionFailure("only in a step") }
        return current
    }

    package func encode(_ chunk: Chunk) { chunk.encode(encoder) }

    /// Before a step: the chunk of the last one may wait to be written.
    fileprivate func prepare() {
        current = nil
        current = pool.take()
    }
}

/// The chunks of all workers, as many as were ever in hands at one time.
private final class ChunkPool: Sendable {
    private let chunks = Mutex<[Chunk]>([])

    /// One that nobody has.
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

/// The one bounded window of parallel work.
///
/// All threads take steps of the jobs that are open: many small layers and a single large one keep
/// the same number of cores busy. Memory is a chunk for each thread and what waits to be written.
package final class WorkerPool: Sendable {
    private struct State {
        /// Not begun, the last one first.
        var pending: [any Job]
        /// Begun, and free for the next step.
        var steppable: [any Job] = []
        /// How many are in a step.
        var exclusive = 0
    }

    private let monitor = Monitor()
    private let openLimit: Int
    nonisolated(unsafe) private var state: State

    private init(_ jobs: [any Job], openLimit: Int) {
        unsafe state = State(pending: jobs.reversed())
        self.openLimit = openLimit
    }

    /// Runs jobs to their end, in this order as far as there are threads for them.
    package static func run(_ jobs: [any Job], threads: Int, recipe: Recipe) {
        let pool = WorkerPool(jobs, openLimit: threads)
        let chunks = ChunkPool()
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let worker = Worker(recipe, chunks)
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
        // A job that waited for this may be ready now.
        monitor.locked { monitor.wakeAll() }
    }
}
