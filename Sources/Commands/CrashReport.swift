// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux

/// The messages that are printed if a signal such as SIGSEGV ends the program.
///
/// One message is about lack of memory, because Swift can't throw an error then, but aborts the
/// program.
package enum CrashReport {
    private static let memory: StaticString = """
        error: out of memory
          Give regstatic more memory, or let build and verify use less with --jobs 1.

        """

    private static let crash: StaticString = """
        error: regstatic crashed, which is a fault in regstatic
          Please report it, with the lines above.

        """

    /// Installs a signal handler that prints these messages; the signal still ends the program.
    package static func install() {
        unsafe linux_report_crashes(text(memory), text(crash))
    }

    private static func text(_ text: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
