// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI

/// The output of a command: results to standard output, everything else to standard error.
package struct Console: Sendable {
    package var isQuiet = false
    /// Whether the result is one JSON document.
    package var isJSON = false
    package let isTerminal: Bool
    private let hasColor: Bool

    package init() {
        isTerminal = isatty(2) == 1
        let isPlain = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        hasColor = isTerminal && isatty(1) == 1 && !isPlain
    }

    /// Prints a line of the result.
    package func out(_ text: String) { Self.write(text + "\n", to: 1) }

    /// Prints the result as a JSON document in one line.
    package func out(_ document: JSON) {
        out(String(decoding: document.canonicalBytes, as: UTF8.self))
    }

    /// Prints a message, unless the user asked for quiet output.
    package func say(_ text: String) {
        if !isQuiet { Self.write(text + "\n", to: 2) }
    }

    /// Prints a message even if the output is quiet.
    package func warn(_ text: String) { Self.write(text + "\n", to: 2) }

    package enum Style: Int { case bold = 1, dim = 2, red = 31, green = 32, yellow = 33 }

    package func styled(_ text: String, _ style: Style) -> String {
        hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard count > 0 || errno == EINTR else { return }
            bytes = bytes.dropFirst(max(0, count))
        }
    }
}
