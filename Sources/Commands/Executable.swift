// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Store
internal import Streams
internal import Synchronization

/// A program of the system that a command runs.
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
    /// Its standard output goes into a new file if `output` names one, and its standard error to
    /// `reading`, line by line, if that is given: else both are ours.
    ///
    /// - Returns: its exit status; 128 and the signal's number if one ended it.
    func run(
        _ arguments: [String],
        output: String? = nil,
        reading line: ((String) -> Void)? = nil
    ) throws(FileError) -> Int32 {
        // One that comes before we know whom to pass it on to waits until we do.
        Self.change(SIG_BLOCK)
        defer { Self.change(SIG_UNBLOCK) }
        let errors = line == nil ? nil : try LinePipe()
        let pid = try spawn(arguments, output: output, errors: errors)
        Self.child.store(pid, ordering: .relaxed)
        for number in Self.ends {
            signal(number) { number in
                Executable.received.store(number, ordering: .relaxed)
                _ = kill(Executable.child.load(ordering: .relaxed), SIGTERM)
            }
        }
        // Whoever started us may have blocked them, and that is inherited.
        Self.change(SIG_UNBLOCK)
        // Between two programs a signal is ours again, and ends us.
        defer { for number in Self.ends { signal(number, SIG_DFL) } }
        if let errors, let line { errors.read(line) }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }

    /// The signal that was to end us while a program ran; nil if none was.
    static var interruption: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    private static let ends = [SIGINT, SIGTERM, SIGHUP]
    private static let received = Atomic<Int32>(0)

    /// Blocks or unblocks what would end us.
    private static func change(_ how: Int32) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in ends { unsafe sigaddset(&set, number) }
        unsafe sigprocmask(how, &set, nil)
    }

    /// Whom a signal is passed on to.
    private static let child = Atomic<pid_t>(0)

    private func spawn(
        _ arguments: [String],
        output: String?,
        errors: LinePipe?
    ) throws(FileError) -> pid_t {
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output {
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        }
        if let errors { unsafe posix_spawn_file_actions_adddup2(&actions, errors.writing, 2) }
        // It hears every signal, whatever we do.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let code = unsafe posix_spawn(&pid, path, &actions, &attributes, &words, environ)
        errors?.closeWriting()
        guard code == 0 else { throw FileError("run", path, code: code) }
        return pid
    }
}
