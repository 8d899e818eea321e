// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Synchronization

/// Passes on results in their order, although the steps that produce them finish in any order.
///
/// The thread that submits the next result in the order writes this result, and then all waiting
/// results that directly follow. Threads never wait for each other's results.
package final class InOrder<Output: Sendable>: Sendable {
    private struct State {
        var next = 0
        var waiting: [Int: Output] = [:]
        var isWriting = false
        var count: Int?
    }

    private let state = Mutex(State())
    private let write: @Sendable (Output) -> Void
    private let finish: @Sendable () -> Void

    /// `write` receives the results one at a time, in order; `finish` is called after the last one.
    package init(
        write: @escaping @Sendable (Output) -> Void,
        finish: @escaping @Sendable () -> Void
    ) {
        self.write = write
        self.finish = finish
    }

    /// The number of results that wait for an earlier one.
    package var backlog: Int { state.withLock { $0.waiting.count } }

    package func submit(_ result: Output, at sequence: Int) {
        let mine = state.withLock { state in
            guard sequence == state.next, !state.isWriting else {
                state.waiting[sequence] = result
                return false
            }
            state.isWriting = true
            return true
        }
        guard mine else { return }
        write(result)
        while let next = advance() { write(next) }
    }

    /// Sets the total number of results, once it is known.
    package func end(count: Int) {
        let done = state.withLock { state in
            state.count = count
            return state.next == count && !state.isWriting
        }
        if done { finish() }
    }

    /// Records that a result was written, and returns the next result if it is already waiting.
    private func advance() -> Output? {
        let (next, done) = state.withLock { state in
            state.next += 1
            let next = state.waiting.removeValue(forKey: state.next)
            state.isWriting = next != nil
            return (next, next == nil && state.next == state.count)
        }
        if done { finish() }
        return next
    }
}
