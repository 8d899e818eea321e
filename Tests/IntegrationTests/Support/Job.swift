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

    /// The last line of the output; empty if there is none.
    var lastLine: String { text.split(separator: "\n").last.map(String.init) ?? "" }

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
    private let child: Child
    private let files: TemporaryFolder

    init(_ arguments: [String], environment: [String: String], input: Pipe? = nil) throws {
        self.arguments = arguments
        files = try TemporaryFolder()
        // Else the program would hold the end that we write to, and never see the input's end.
        if let input { _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC) }
        let read = input?.fileHandleForReading ?? .nullDevice
        let output = FileHandle(forWritingAtPath: try files.write("out", ""))
        let errors = FileHandle(forWritingAtPath: try files.write("err", ""))
        guard let output, let errors else { throw Missing(description: "no files for output") }
        child = try Child(
            arguments,
            environment: environment,
            standard: [read, output, errors].map(\.fileDescriptor)
        )
        try input?.fileHandleForReading.close()
    }

    deinit { stop() }

    /// `env` becomes the program: its number is the program's.
    var pid: Int32 { child.pid }

    var isRunning: Bool { child.end == nil }

    /// What it has written to standard error so far.
    var errors: String { (try? files.text("err")) ?? "" }

    /// Waits for the end; one that takes too long is killed, with its children.
    func wait(_ seconds: Double = 60) throws -> Outcome {
        let end = child.wait(seconds)
        if end == nil { child.killGroup() }
        var (status, signal): (Int32?, Int32?)
        switch end ?? .killed(SIGKILL) {
        case .exited(let code): status = code
        case .killed(let number): signal = number
        }
        let outcome = Outcome(
            arguments: arguments,
            status: status,
            signal: signal,
            output: try files.read("out"),
            errors: errors
        )
        if end == nil { throw CommandFailure(outcome, "took more than \(seconds) s") }
        return outcome
    }

    func send(_ signal: Int32) { child.send(signal) }

    /// Ends a server as its user would; kills what doesn't listen.
    func stop() {
        child.send(SIGTERM)
        if child.wait(10) == nil { child.killGroup() }
    }
}
