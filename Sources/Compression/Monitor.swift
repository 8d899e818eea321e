// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A lock with a condition variable.
@safe package final class Monitor: Sendable {
    nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe pthread_cond_destroy(condition)
        unsafe mutex.deallocate()
        unsafe condition.deallocate()
    }

    package func locked<Value>(_ body: () -> Value) -> Value {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Waits, inside `locked`, until another thread calls `wakeAll`.
    package func wait() { unsafe pthread_cond_wait(condition, mutex) }

    package func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
