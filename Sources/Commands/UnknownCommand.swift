// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser

/// The check that the first argument is a command.
///
/// The argument parser would call the command and its arguments unexpected, or complain about the
/// options of the command.
package enum UnknownCommand {
    /// The error text for an unknown command; nil if the first argument is a command or an option.
    package static func error(in arguments: [String]) -> String? {
        guard arguments.count > 1, !arguments[1].hasPrefix("-") else { return nil }
        let word = arguments[1]
        var names = ["help"]
        for command in RegstaticCommand.configuration.subcommands {
            if let name = command.configuration.commandName { names.append(name) }
        }
        guard !names.contains(word) else { return nil }
        let near = names.min { distance(word, $0) < distance(word, $1) } ?? ""
        let guess = distance(word, near) <= 2 ? "Did you mean '\(near)'? " : ""
        return """
            error: unknown command '\(HumanText.printable(word))'
              \(guess)`regstatic --help` lists all commands.
            """
    }

    /// The number of letters to insert, remove or replace to make one word of the other.
    private static func distance(_ word: String, _ other: String) -> Int {
        var row = Array(0...other.utf8.count)
        // No command is as long, so the rest of a long word changes nothing.
        for (line, letter) in word.utf8.prefix(20).enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, otherLetter) in other.utf8.enumerated() {
                let replaced = diagonal + (letter == otherLetter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.utf8.count]
    }
}
