// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Store
internal import Synchronization

/// A program of the system that a verb runs.
struct Executable {
    private let path: String

    /// The first of this name in `PATH` and where servers stand, which a user's `PATH` may lack.
    init?(_ name: String) {
        let variable = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let folders = (variable + ":/usr/local/sbin:/usr/sbin:/sbin").split(separator: ":")
        let paths = folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
        self.path = path
    }

    /// Runs it to its end in the foreground, and passes on what would end us.
    ///
    /// - Returns: its exit status; 128 and the signal's number if one ended it.
    func run(_ arguments: [String]) throws(FileError) -> Int32 {
        let ends = [SIGINT, SIGTERM, SIGHUP]
        Self.unblock(ends)
        let pid = try spawn(arguments)
        Self.child.store(pid, ordering: .relaxed)
        for number in ends {
            signal(number) { _ in
                _ = kill(Executable.child.load(ordering: .relaxed), SIGTERM)
            }
        }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }

    /// Whoever started us may have blocked them, and that is inherited.
    private static func unblock(_ signals: [Int32]) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in signals { unsafe sigaddset(&set, number) }
        unsafe sigprocmask(SIG_UNBLOCK, &set, nil)
    }

    /// Whom a signal is passed on to.
    private static let child = Atomic<pid_t>(0)

    private func spawn(_ arguments: [String]) throws(FileError) -> pid_t {
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let code = unsafe posix_spawn(&pid, path, nil, nil, &words, environ)
        guard code == 0 else { throw FileError("run", path, code: code) }
        return pid
    }
}
