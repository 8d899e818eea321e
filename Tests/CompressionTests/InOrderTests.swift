// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import Dispatch
import Synchronization
import Testing
import TestSupport

/// What came out, and how often it ended.
private final class Log: Sendable {
    private let state = Mutex((results: [Int](), ends: 0))

    var results: [Int] { state.withLock { $0.results } }
    var ends: Int { state.withLock { $0.ends } }

    func makeOrder() -> InOrder<Int> {
        InOrder(
            write: { result in self.state.withLock { $0.results.append(result) } },
            finish: { self.state.withLock { $0.ends += 1 } }
        )
    }
}

extension InOrder<Int> {
    fileprivate func submit(_ sequence: Int) { submit(sequence, at: sequence) }
}

@Suite struct InOrderTests {
    @Test func everyOrderOfFive() {
        for order in permutations(Array(0..<5)) {
            let log = Log()
            let results = log.makeOrder()
            for sequence in order { results.submit(sequence) }
            results.end(count: 5)
            #expect(log.results == Array(0..<5))
            #expect(log.ends == 1)
            #expect(results.backlog == 0)
        }
    }

    /// The count may be known before the last results are in.
    @Test func theEndMayBeKnownEarly() {
        let log = Log()
        let results = log.makeOrder()
        results.submit(1)
        results.end(count: 3)
        results.submit(0)
        #expect(log.ends == 0)
        results.submit(2)
        #expect(log.ends == 1)
        #expect(log.results == Array(0..<3))
    }

    @Test func nothingEndsAtOnce() {
        let log = Log()
        log.makeOrder().end(count: 0)
        #expect(log.ends == 1)
    }

    @Test func theBacklogCountsWhatWaits() {
        let log = Log()
        let results = log.makeOrder()
        for sequence in [3, 2, 4] { results.submit(sequence) }
        #expect(results.backlog == 3)
        results.submit(0)
        #expect(results.backlog == 3)
        results.submit(1)
        #expect(results.backlog == 0)
        #expect(log.results == Array(0..<5))
    }

    @Test(arguments: UInt64(1)...5)
    func anyThreadsAndDelays(_ seed: UInt64) {
        let log = Log()
        let results = log.makeOrder()
        let next = Atomic<Int>(0)
        let count = 300
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            var generator = Generator(seed: seed &* 100 &+ UInt64(thread))
            while true {
                let sequence = next.add(1, ordering: .relaxed).oldValue
                guard sequence < count else { break }
                for _ in 0..<(generator.next() % 3000) { _ = generator.next() }
                results.submit(sequence)
            }
        }
        results.end(count: count)
        #expect(log.results == Array(0..<count))
        #expect(log.ends == 1)
    }

    private func permutations(_ values: [Int]) -> [[Int]] {
        guard let first = values.first else { return [[]] }
        return permutations(Array(values.dropFirst()))
            .flatMap { rest in
                (0...rest.count)
                    .map { place in
                        Array(rest[..<place]) + [first] + Array(rest[place...])
                    }
            }
    }
}
