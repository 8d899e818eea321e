// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Store
internal import Streams
internal import Synchronization

/// An installed program that one of regstatic's commands runs.
struct Executable {
    private let path: String

    /// Finds a program in `PATH`, or in the `sbin` folders of servers, because a user's `PATH` may
    /// lack these.
    init?(_ name: String) {
        let variable = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let folders = (variable + ":/usr/local/sbin:/usr/sbin:/sbin").split(separator: ":")
        let paths = folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
        self.path = path
    }

    /// Runs the program in the foreground, and passes termination signals on to it.
    ///
    /// If `output` is given, standard output goes into a new file with this path. If `reading` is
    /// given, this function gets standard error line by line. The program inherits each output that
    /// is not redirected.
    ///
    /// - Returns: the exit status, or 128 plus the number of the signal that ended the program.
    func run(
        _ arguments: [String],
        output: String? = nil,
        reading line: ((String) -> Void)? = nil
    ) throws(FileError) -> Int32 {
        // Block signals until the process ID of the program is known.
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
        // Unblock signals in any case, because this process may have inherited blocked signals from
        // its parent.
        Self.change(SIG_UNBLOCK)
        // After the program has ended, signals end this process again.
        defer { for number in Self.ends { signal(number, SIG_DFL) } }
        if let errors, let line { errors.read(line) }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }

    /// The termination signal that arrived while a program ran; nil if none did.
    static var interruption: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    private static let ends = [SIGINT, SIGTERM, SIGHUP]
    private static let received = Atomic<Int32>(0)

    /// Blocks or unblocks termination signals.
    private static func change(_ how: Int32) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in ends { unsafe sigaddset(&set, number) }
        unsafe sigprocmask(how, &set, nil)
    }

    /// The process ID of the program that gets the signals.
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
        // The program starts with all signals unblocked.
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
