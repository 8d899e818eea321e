// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport

/// What a program left behind.
struct Outcome: Sendable {
    let arguments: [String]
    /// The exit status; nil if a signal ended it.
    let status: Int32?
    let signal: Int32?
    let output: [UInt8]
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The same, or an error that shows what the program said.
    @discardableResult
    func succeeded() throws -> Outcome {
        guard status == 0 else { throw CommandFailure(self, "failed") }
        return self
    }
}

/// A program that ended otherwise than a test needs it.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ outcome: Outcome, _ what: String) {
        let how = outcome.status.map { "status \($0)" } ?? "signal \(outcome.signal ?? 0)"
        description = """
            \(outcome.arguments.joined(separator: " ")) \(what), \(how)
            \(outcome.text)\(outcome.errors)
            """
    }
}

/// A running program, with its output in files: no pipe can fill up.
final class Job {
    private let arguments: [String]
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let files: TemporaryFolder
    private var hasEnded = false

    init(
        _ arguments: [String],
        environment: [String: String],
        input: Pipe? = nil
    ) throws {
        self.arguments = arguments
        files = try TemporaryFolder()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // A thread of a dispatch queue blocks all signals, and what it starts would not hear SIGTERM.
        process.arguments = ["--default-signal"] + arguments
        process.environment = environment
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: try files.write("out", ""))
        process.standardError = FileHandle(forWritingAtPath: try files.write("err", ""))
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
    }

    deinit { stop() }

    /// `env` becomes the program: its number is the program's.
    var pid: Int32 { process.processIdentifier }

    var isRunning: Bool { process.isRunning }

    /// What it has written to standard error so far.
    var errors: String { (try? files.text("err")) ?? "" }

    /// Waits for the end; one that takes too long is killed, with its children.
    func wait(_ seconds: Double = 60) throws -> Outcome {
        let isLate = !hasEnded && ended.wait(timeout: .now() + seconds) == .timedOut
        if isLate {
            kill(-pid, SIGKILL)
            ended.wait()
        }
        hasEnded = true
        let wasKilled = process.terminationReason == .uncaughtSignal
        let outcome = Outcome(
            arguments: arguments,
            status: wasKilled ? nil : process.terminationStatus,
            signal: wasKilled ? process.terminationStatus : nil,
            output: try files.read("out"),
            errors: errors
        )
        if isLate { throw CommandFailure(outcome, "took more than \(seconds) s") }
        return outcome
    }

    func send(_ signal: Int32) { if !hasEnded { kill(pid, signal) } }

    /// Ends a server as its user would; kills what doesn't listen.
    func stop() {
        guard !hasEnded else { return }
        kill(pid, SIGTERM)
        if ended.wait(timeout: .now() + 10) == .timedOut {
            kill(-pid, SIGKILL)
            ended.wait()
        }
        hasEnded = true
    }
}
