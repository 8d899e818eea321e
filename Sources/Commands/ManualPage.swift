// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// A manual page, made from the definition of a command.
struct ManualPage {
    /// The words of the command: `regstatic`, `regstatic build`.
    let words: [String]
    private let definition: JSON
    /// The pages of the subcommands; only the program's page has subcommands.
    let subpages: [ManualPage]

    /// The program's page, from the JSON that ArgumentParser dumps; nil if the JSON has another
    /// form.
    init?(dump: String) {
        guard let document = try? JSON(parsing: Array(dump.utf8)),
            let command = document["command"]
        else { return nil }
        self.init(command, below: [])
    }

    private init(_ definition: JSON, below words: [String]) {
        let words = words + [definition["commandName"]?.string ?? ""]
        self.words = words
        self.definition = definition
        subpages = (definition["subcommands"]?.array ?? [])
            .filter { $0.isShown && $0["commandName"]?.string != "help" }
            .map { ManualPage($0, below: words) }
    }

    /// The name for `man`: `regstatic-build`.
    var name: String { words.joined(separator: "-") }

    private var abstract: String {
        let text = definition["abstract"]?.string ?? ""
        return String(text.hasSuffix(".") ? text.dropLast() : text[...])
    }

    private var arguments: [ManualArgument] {
        (definition["arguments"]?.array ?? []).filter(\.isShown).map(ManualArgument.init)
    }

    /// The page in roff, for `man` and `mandoc`.
    var text: String {
        let discussed = definition["discussion"]?.string ?? ""
        let isWhole = discussed.contains("EXIT CODES:")
        let discussion = ManualDiscussion(
            isWhole ? discussed : "\(discussed)\n\n\(ExitCodes.help)"
        )
        let parts: [[String]] = [
            head, synopsis, [".SH DESCRIPTION"], discussion.description, commands, options,
            discussion.sections, seeAlso,
        ]
        return parts.joined().map { $0 + "\n" }.joined()
    }

    private var head: [String] {
        let version = "regstatic \(Version.number)"
        return [
            #".\" SPDX-License-Identifier: Apache-2.0"#,
            #".\" Copyright the regstatic authors"#,
            ".TH \(name.uppercased()) 1 \(Version.date) \"\(version)\"",
            ".SH NAME",
            "\(Roff.text(name)) \\-",
        ] + Roff.filled(abstract)
    }

    private var synopsis: [String] {
        let name = "\\fB\(words.map(Roff.text).joined(separator: " "))\\fR"
        let shown = subpages.isEmpty ? arguments.map(\.usage) : ["\\fIcommand\\fR \\fR...\\fR"]
        return [".SH SYNOPSIS", name] + shown
    }

    private var commands: [String] {
        guard !subpages.isEmpty else { return [] }
        return [".SH COMMANDS"]
            + subpages.flatMap { command in
                [".TP", "\\fB\(Roff.text(command.words.last ?? ""))\\fR"]
                    + Roff.filled(command.abstract + ".")
            }
    }

    private var options: [String] {
        arguments.isEmpty ? [] : [".SH OPTIONS"] + arguments.flatMap(\.lines)
    }

    private var seeAlso: [String] {
        let names = subpages.isEmpty ? [words[0]] : subpages.map(\.name)
        let references = names.map { "\\fB\(Roff.text($0))\\fR(1)" }
        return [".SH SEE ALSO", references.joined(separator: ",\n")]
    }
}

/// An argument, an option or a flag.
struct ManualArgument {
    private let definition: JSON

    init(_ definition: JSON) { self.definition = definition }

    private var value: String { definition["valueName"]?.string ?? "" }
    private var kind: String { definition["kind"]?.string ?? "" }
    private func isSet(_ key: String) -> Bool { definition[key] == .bool(true) }

    private var names: [String] {
        let names = (definition["names"]?.array ?? [])
            .compactMap { name in
                name["name"]?.string.map { ($0.count == 1 ? "-" : "--") + $0 }
            }
        return names.sorted { ($0.count, $0) < ($1.count, $1) }
    }

    private var named: String { kind == "flag" ? "" : " \\fI\(Roff.text(value))\\fR" }

    /// The argument in the synopsis.
    var usage: String {
        let long = names.last.map { "\\fB\(Roff.text($0))\\fR\(named)" }
        let text = (long ?? "\\fI\(Roff.text(value))\\fR") + (isSet("isRepeating") ? " ..." : "")
        return isSet("isOptional") ? "[\(text)]" : text
    }

    /// The argument in the list of options.
    var lines: [String] {
        let spelled = names.map { "\\fB\(Roff.text($0))\\fR" }.joined(separator: ", ")
        let head = names.isEmpty ? "\\fI\(Roff.text(value))\\fR" : spelled + named
        return [".TP", head] + Roff.filled(([abstract] + notes).joined(separator: " "))
    }

    private var abstract: String { definition["abstract"]?.string ?? "" }

    private var notes: [String] {
        let values = (definition["allValues"]?.array ?? []).compactMap(\.string)
        // Skip the default of `--jobs`, because it depends on the machine.
        let standard = names.contains("--jobs") ? nil : definition["defaultValue"]?.string
        return (values.isEmpty ? [] : ["Values: \(values.joined(separator: ", "))."])
            + (standard.map { ["Default: \($0)."] } ?? [])
    }
}

extension JSON {
    /// Whether the help shows this argument or command.
    fileprivate var isShown: Bool { self["shouldDisplay"] != .bool(false) }
}
