// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Synchronization

/// Puts the results of steps that end in any order back into their order.
///
/// Whoever brings the result that is due writes it, and all that waited for it; nobody else waits.
@safe package final class InOrder: Sendable {
    private struct State {
        var next = 0
        var waiting: [Int: [UInt8]] = [:]
        var isWriting = false
        var count: Int?
    }

    private let state = Mutex(State())
    private let write: @Sendable (UnsafeRawBufferPointer) -> Void
    private let finish: @Sendable () -> Void

    /// `write` gets the results one at a time, in order; `finish` follows the last.
    package init(
        write: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
        finish: @escaping @Sendable () -> Void
    ) {
        unsafe self.write = write
        self.finish = finish
    }

    /// How many results wait for an earlier one.
    package var backlog: Int { state.withLock { $0.waiting.count } }

    package func submit(_ bytes: UnsafeRawBufferPointer, at sequence: Int) {
        let mine = state.withLock { state in
            guard sequence == state.next, !state.isWriting else {
                state.waiting[sequence] = unsafe Array(bytes)
                return false
            }
            state.isWriting = true
            return true
        }
        guard mine else { return }
        unsafe write(bytes)
        while let bytes = advance() { unsafe bytes.withUnsafeBytes { unsafe write($0) } }
    }

    /// Says how many results there are in all, once that is known.
    package func end(count: Int) {
        let done = state.withLock { state in
            state.count = count
            return state.next == count && !state.isWriting
        }
        if done { finish() }
    }

    /// After a result was written: the next one if it waits here.
    private func advance() -> [UInt8]? {
        let (bytes, done) = state.withLock { state in
            state.next += 1
            let bytes = state.waiting.removeValue(forKey: state.next)
            state.isWriting = bytes != nil
            return (bytes, bytes == nil && state.next == state.count)
        }
        if done { finish() }
        return bytes
    }
}
