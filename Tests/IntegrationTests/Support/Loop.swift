// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Synchronization

/// Does something again and again beside a test, on a thread of its own.
final class Loop: Sendable {
    private struct State {
        var isStopping = false
        var hasEnded = false
        var results: [String] = []
        var failures: [String] = []
    }

    private let state = Mutex(State())

    /// Starts; the body gets the number of the round.
    init(_ body: @escaping @Sendable (Int) throws -> String) {
        Thread.detachNewThread { [self] in
            var number = 0
            while !state.withLock(\.isStopping) {
                let result = Result { try body(number) }
                state.withLock { state in
                    switch result {
                    case .success(let text): state.results.append(text)
                    case .failure(let error): state.failures.append("\(error)")
                    }
                }
                number += 1
            }
            state.withLock { $0.hasEnded = true }
        }
    }

    /// Waits for the end of the round that is under way.
    func stop() -> (results: [String], failures: [String]) {
        state.withLock { $0.isStopping = true }
        while !state.withLock(\.hasEnded) { usleep(1000) }
        return state.withLock { ($0.results, $0.failures) }
    }
}
