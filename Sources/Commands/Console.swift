// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
internal import Streams
internal import Synchronization

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

    /// Prints the result as a JSON document in one line, with control characters escaped for
    /// terminals.
    package func out(_ document: JSON) {
        let bytes = document.showingFileNames.canonicalBytes
        out(HumanText.escaped(String(decoding: bytes, as: UTF8.self)))
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

    /// The error number of the last failed write of a result; 0 if none failed.
    private static let failure = Atomic<Int32>(0)

    /// Throws if a result could not be written, because half a result looks like a whole one.
    static func checkOutput() throws(FileError) {
        let code = failure.load(ordering: .relaxed)
        guard code == 0 else { throw FileError("write", "standard output", code: code) }
    }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard count > 0 || errno == EINTR else {
                if descriptor == 1 { failure.store(errno, ordering: .relaxed) }
                return
            }
            bytes = bytes.dropFirst(max(0, count))
        }
    }
}

extension JSON {
    /// The document with all bytes of file names that aren't UTF-8 in a readable form.
    fileprivate var showingFileNames: JSON {
        switch self {
        case .string(let text): .string(FileName.visible(text))
        case .array(let values): .array(values.map(\.showingFileNames))
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.showingFileNames) })
        case .null, .bool, .number: self
        }
    }
}
