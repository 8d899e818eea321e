// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Site
import SiteTestSupport
import TestSupport
import Testing

/// A program that can't go on ends at once, by its signal, and says why.
///
/// Sanitizers have their own handlers and need more memory.
@Suite(
    .enabled(if: getenv("ASAN_OPTIONS") == nil && getenv("TSAN_OPTIONS") == nil)
)
struct CrashTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a shell script with the program as `$1`, without Swift's own report and core files.
    private func run(_ script: String, _ arguments: String...) throws -> Command.Result {
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        let limited = "ulimit -c 0; \(script)"
        return try Command.run(
            "sh",
            ["-c", limited, "sh", ProgramTests.binary] + arguments,
            environment: environment
        )
    }

    /// Whatever is too much, the program's limits or the libraries': no run hangs.
    @Test(.timeLimit(.minutes(5))) func littleMemory() throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        var texts: Set<String> = []
        for megabytes in stride(from: 40, to: 400, by: 4) {
            let result = try run(
                "ulimit -v \(megabytes << 10); exec \"$@\" -q -j 4",
                "build",
                Fixture.path("docker28-many.tar"),
                "-o",
                site.path
            )
            #expect(try site.verify().faults == [])
            guard result.status != 0 else { break }
            let error = result.errors.split(separator: "\n").first { $0.contains("error") }
            #expect(error != nil, "\(megabytes) MB: \(result.errors)")
            if result.errors.contains("\nerror: out of memory\n") {
                #expect(result.status == SIGABRT)
                texts.insert("memory")
            }
        }
        #expect(texts == ["memory"])
    }

    /// A system that refuses threads gets the work done with fewer.
    @Test func noThreads() throws {
        // No address space has room for a second stack of this size.
        let result = try run(
            "ulimit -s \(1 << 38) && exec \"$@\" -q -j 4",
            "build",
            Fixture.path("docker28-many.tar"),
            "-o",
            folder["site"]
        )
        #expect(result.status == 0, "\(result.errors)")
    }

    /// All but SIGABRT, which the threads of tests block, and with them the programs that they start.
    @Test(.timeLimit(.minutes(1)), arguments: [SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP])
    func crash(_ signal: Int32) throws {
        let pipe = try folder.write("never", "")
        try folder.remove("never")
        try #require(mkfifo(pipe, 0o600) == 0)
        let script = """
            "$@" -q &
            until [ -e '\(folder["site/.regstatic/lock"])' ]; do sleep 0.05; done
            kill -\(signal) $!
            wait $!
            """
        let result = try run(script, "build", pipe, "-o", folder["site"])
        #expect(result.status == 128 + signal)
        #expect(result.errors.contains("error: regstatic crashed"))
    }
}
