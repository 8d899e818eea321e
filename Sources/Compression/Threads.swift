// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A function that does the same work on several threads.
package enum Threads {
    /// Runs `work` on `count` threads at the same time, one of which is the caller's, and returns when
    /// all have ended.
    ///
    /// If the system refuses to create more threads, the work runs on fewer threads. Dispatch isn't
    /// used, because it would wait for these threads forever.
    package static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
        var started: [pthread_t] = []
        while started.count + 1 < count, let thread = start(work) {
            started.append(thread)
        }
        work()
        for thread in started { pthread_join(thread, nil) }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread; nil if the system refuses it.
    private static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Work(work))
        let code = unsafe pthread_create(
            &thread,
            nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            },
            context.toOpaque()
        )
        guard code == 0 else {
            unsafe context.release()
            return nil
        }
        return thread
    }
}
