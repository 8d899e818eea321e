// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc

/// A process of our own making, in a process group of its own.
///
/// Foundation's `Process` reads `/proc/self/fd` in a way that now and then crashes on a thread other
/// than the main one, and hands on the signals that a thread blocks: on a dispatch queue's, SIGTERM.
final class Child {
    let pid: Int32
    private var status: Int32?

    /// How it ended.
    enum End {
        case exited(Int32)
        case killed(Int32)
    }

    /// Starts a program that `PATH` has, with these three descriptors.
    init(_ arguments: [String], environment: [String: String], standard: [Int32]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in standard.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }

        var attributes = Self.attributes()
        defer { posix_spawnattr_destroy(&attributes) }
        // `env` looks in the child's `PATH`, and becomes the program.
        let words = (["/usr/bin/env"] + arguments).map { strdup($0) } + [nil]
        let settings = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, words, settings)
        guard code == 0 else {
            throw Missing(
                description: "no process for \(arguments): \(String(cString: strerror(code)))"
            )
        }
        self.pid = pid
    }

    /// No signal blocked, each with its default.
    private static func attributes() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return attributes
    }

    /// How it ended; nil while it runs.
    var end: End? {
        var found: Int32 = 0
        if status == nil, waitpid(pid, &found, WNOHANG) == pid { status = found }
        return status.map { $0 & 0x7F == 0 ? .exited($0 >> 8 & 0xFF) : .killed($0 & 0x7F) }
    }

    /// Waits for the end, but no longer than this.
    func wait(_ seconds: Double) -> End? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var pause: UInt32 = 500
        while end == nil, ContinuousClock.now < deadline {
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
        return end
    }

    func send(_ signal: Int32) { if end == nil { kill(pid, signal) } }

    /// Kills it with its children.
    func killGroup() {
        guard end == nil else { return }
        kill(-pid, SIGKILL)
        _ = wait(10)
    }
}
