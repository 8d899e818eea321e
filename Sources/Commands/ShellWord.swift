// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Words of a command that the user can paste into a shell.
enum ShellWord {
    /// The text itself, or in quotes if a shell would change or split it.
    static func quoted(_ text: String) -> String {
        guard text.isEmpty || !text.utf8.allSatisfy(isPlain) else { return text }
        return "'"
            + text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
    }

    static func list(_ texts: [String]) -> String {
        texts.map(quoted).joined(separator: " ")
    }

    /// Whether a shell leaves a byte as it is; bytes outside of ASCII are parts of letters.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
            true
        default: "%+,-./:=@_".utf8.contains(byte)
        }
    }
}
