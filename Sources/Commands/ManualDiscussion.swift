// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The discussion in a command's help, converted for the command's manual page.
struct ManualDiscussion {
    private let parts: [[Substring]]

    init(_ text: String) { parts = HelpText.parts(text) }

    /// The source lines of the paragraphs.
    var description: [String] {
        let paragraphs = parts.filter { !HelpText.isSection($0) }
        return Array(
            paragraphs.map { Roff.filled($0.joined(separator: " ")) }.joined(separator: [".PP"])
        )
    }

    /// The source lines of the sections.
    var sections: [String] {
        parts.filter(HelpText.isSection)
            .flatMap { part in
                let title = part[0].dropLast()
                let lines = part.dropFirst().map { $0.dropFirst(2) }
                return title == "EXIT CODES"
                    ? [".SH EXIT STATUS"] + Self.list(lines)
                    : [".SH \(title)", ".EX"] + lines.map { Roff.text(String($0)) } + [".EE"]
            }
    }

    /// Renders a list of terms, each with an explanation after it or on indented lines below it.
    private static func list(_ lines: [Substring]) -> [String] {
        lines.flatMap { line in
            guard let term = line.split(separator: " ").first, !line.hasPrefix(" ") else {
                return [Roff.text(String(line.drop { $0 == " " }))]
            }
            let rest = line.dropFirst(term.count).drop { $0 == " " }
            return [".TP", "\\fB\(term)\\fR", Roff.text(String(rest))]
        }
    }
}

/// Text in roff, the language of manual pages.
enum Roff {
    /// Escapes a line, so that troff takes no part of it for a request or an escape.
    static func text(_ line: String) -> String {
        let escaped = line.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\e"
            case "-": text += "\\-"
            case "'": text += "\\(aq"
            case "`": text += "\\(ga"
            case "~": text += "\\(ti"
            case "^": text += "\\(ha"
            case "…": text += "..."
            default: text.append(character)
            }
        }
        return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
    }

    /// Breaks text into lines of readable length.
    static func filled(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let line = lines.last, line.count + word.count < 68 {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.map(Self.text)
    }
}
