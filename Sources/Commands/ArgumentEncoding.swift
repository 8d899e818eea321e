// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser

/// The check that the program's arguments are UTF-8.
///
/// Swift replaces other bytes, so a path with such bytes would name a file that doesn't exist.
package enum ArgumentEncoding {
    /// The error text for the first argument that isn't UTF-8; nil if all of them are.
    package static func error(in arguments: [[UInt8]]) -> String? {
        let isInvalid: ([UInt8]) -> Bool = { String(validating: $0, as: UTF8.self) == nil }
        guard let argument = arguments.first(where: isInvalid) else { return nil }
        return """
            error: an argument isn't valid UTF-8: \(escaped(argument))
              Rename the file or folder with mv. A single archive can also be standard input:
              regstatic build - -o SITE < FILE
            """
    }

    /// The exit code for wrong usage.
    package static let exitCode = ExitCode.validationFailure.rawValue

    /// The text with `\xFF` in place of each byte that isn't printable ASCII, as in bash's `$'…'`.
    private static func escaped(_ argument: [UInt8]) -> String {
        let hex = { (byte: UInt8) in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return
            argument.map { byte in
                (0x20..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : "\\x\(hex(byte))"
            }
            .joined()
    }
}
