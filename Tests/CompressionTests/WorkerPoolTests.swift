// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import Synchronization
import Testing
import TestSupport

/// Adds up numbers in steps; notes a step that began while another was still exclusive.
private final class Counting: Job {
    private struct State {
        var begun = 0
        var isBeginning = false
        var overlapped = false
        var done = 0
        var open = 0
        var widest = 0
    }

    private let state = Mutex(State())
    private let steps: Int
    private let window: Int

    init(steps: Int, window: Int = .max) {
        self.steps = steps
        self.window = window
    }

    var isReady: Bool { state.withLock { $0.begun - $0.done < window } }
    var done: Int { state.withLock { $0.done } }
    var overlapped: Bool { state.withLock { $0.overlapped } }
    var widest: Int { state.withLock { $0.widest } }

    func step(_ worker: Worker) -> Step {
        let index = state.withLock { state in
            state.overlapped = state.overlapped || state.isBeginning
            state.isBeginning = true
            state.begun += 1
            state.open += 1
            state.widest = max(state.widest, state.open)
            return state.begun
        }
        guard index <= steps else { return .last }
        state.withLock { $0.isBeginning = false }
        return .more {
            var generator = Generator(seed: UInt64(index))
            for _ in 0..<(generator.next() % 2000) { _ = generator.next() }
            self.state.withLock { state in
                state.done += 1
                state.open -= 1
            }
        }
    }
}

/// What a job wrote.
private final class Sink: Sendable {
    private let state = Mutex((output: [UInt8](), ends: 0))

    var output: [UInt8] { state.withLock { $0.output } }
    var ends: Int { state.withLock { $0.ends } }

    func makeOrder() -> InOrder<Chunk> {
        InOrder(
            write: { chunk in self.state.withLock { $0.output += Array(chunk.encoded) } },
            finish: { self.state.withLock { $0.ends += 1 } }
        )
    }
}

/// Compresses a text in chunks, as layers are.
private final class Compressing: Job {
    let sink = Sink()
    private let next = Mutex(0)
    private let input: [UInt8]
    private let chunk = 50_000
    private let order: InOrder<Chunk>

    init(_ input: [UInt8]) {
        self.input = input
        order = sink.makeOrder()
    }

    var isReady: Bool { order.backlog < 4 }

    func step(_ worker: Worker) -> Step {
        let index = next.withLock { next in
            defer { next += 1 }
            return next
        }
        let rest = input.dropFirst(index * chunk).prefix(chunk)
        guard !rest.isEmpty else {
            order.end(count: index)
            return .last
        }
        let chunk = worker.chunk
        chunk.buffer.copyBytes(from: rest)
        chunk.fill(rest.count)
        return .more { [order] in
            worker.encode(chunk)
            order.submit(chunk, at: index)
        }
    }
}

@Suite struct WorkerPoolTests {
    private static let recipe = Choice.all[0].recipe

    @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 20])
    func allJobsRunToTheirEnd(_ threads: Int, _ count: Int) {
        let jobs = (0..<count).map { Counting(steps: $0 * 3 % 17) }
        WorkerPool.run(jobs, threads: threads, recipe: Self.recipe)
        for (index, job) in jobs.enumerated() { #expect(job.done == index * 3 % 17) }
        #expect(!jobs.contains { $0.overlapped })
    }

    @Test(arguments: [1, 2, 8])
    func aFullWindowHoldsAJobBack(_ threads: Int) {
        let job = Counting(steps: 200, window: 1)
        WorkerPool.run([job], threads: threads, recipe: Self.recipe)
        #expect(job.done == 200)
        #expect(job.widest <= 2)
    }

    /// The bytes are the same whatever the number of threads.
    @Test func outputDoesNotDependOnTheThreads() {
        let input = Generator.text(2_000_000)
        var outputs: Set<[UInt8]> = []
        for threads in [1, 2, 3, 8] {
            let jobs = [Compressing(input), Compressing(input), Compressing([])]
            WorkerPool.run(jobs, threads: threads, recipe: Self.recipe)
            #expect(jobs.map(\.sink.ends) == [1, 1, 1])
            #expect(jobs[2].sink.output.isEmpty)
            outputs.formUnion([jobs[0].sink.output, jobs[1].sink.output])
        }
        #expect(outputs.count == 1)
        #expect(outputs.first.map { $0.count > 100_000 } == true)
    }
}
