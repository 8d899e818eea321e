// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Dispatch

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
    /// Those that wait to be written are in other hands, too.
    private var chunks = [Chunk()]
    private var current = 0

    init(_ recipe: Recipe) { encoder = ChunkEncoder(recipe) }

    /// Nobody else's until the next step.
    package var chunk: Chunk { chunks[current] }

    package func encode(_ chunk: Chunk) { chunk.encode(encoder) }

    /// Turns to a chunk that nobody else has.
    fileprivate func prepare() {
        let free = chunks.indices.first { isKnownUniquelyReferenced(&chunks[$0]) }
        current = free ?? chunks.count
        if free == nil { chunks.append(Chunk()) }
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
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let worker = Worker(recipe)
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
