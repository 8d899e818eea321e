// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import Foundation

/// A program that a test runs to its end.
package enum Command {
    package struct Result: Sendable {
        package let status: Int32
        package let output: [UInt8]
        package let errors: String

        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs a program found in `PATH`, with its output in files: no pipe can fill up.
    package static func run(
        _ program: String,
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String: String]? = nil
    ) throws -> Result {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let environment {
            // `make sanitize` sets these for all programs.
            let options = ProcessInfo.processInfo.environment
                .filter { ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key) }
            process.environment = environment.merging(options) { own, _ in own }
        }
        process.standardInput = FileHandle(forReadingAtPath: try folder.write("in", input))
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("out", []))
        process.standardError = FileHandle(forWritingAtPath: try folder.write("err", []))
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try folder.read("out"),
            errors: try folder.text("err")
        )
    }

    package static func isInstalled(_ program: String) -> Bool {
        (try? run("which", [program]).status) == 0
    }
}
