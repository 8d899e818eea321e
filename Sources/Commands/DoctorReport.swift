// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Doctor
internal import OCI

/// The report of `doctor`.
struct DoctorReport {
    private let diagnosis: Diagnosis

    init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

    func print(_ console: Console) {
        if !console.isQuiet {
            console.out(console.styled(HumanText.printable(heading), .bold))
            for group in Check.Group.allCases { print(group, console) }
        }
        let problems = diagnosis.results.filter { $0.verdict >= .warn }
        for (index, result) in problems.enumerated() {
            if index > 0 || !console.isQuiet { console.out("") }
            print(result, console)
        }
        console.say(summary)
    }

    private var heading: String {
        let server = diagnosis.serverName ?? diagnosis.server.rawValue
        let proxies = diagnosis.proxies.map { " through \($0)" } ?? ""
        return
            "\(diagnosis.address): \(server)\(proxies), answers in \(diagnosis.milliseconds) ms; checked "
            + HumanText.count(diagnosis.tags, "tag") + " in "
            + HumanText.count(diagnosis.repositories, "repository", plural: "repositories")
    }

    private func print(_ group: Check.Group, _ console: Console) {
        console.out("\n\(group.rawValue)")
        for result in diagnosis.results where result.check.group == group {
            let note = result.note.map { " (\($0))" } ?? ""
            console.out("  \(Self.mark(result.verdict, console)) \(result.check.title)\(note)")
        }
    }

    /// The verdict, padded so that all verdicts have the same width.
    private static func mark(_ verdict: Verdict, _ console: Console) -> String {
        switch verdict {
        case .pass: console.styled("ok  ", .green)
        case .warn: console.styled("warn", .yellow)
        case .fail: console.styled("FAIL", .red)
        case .skip: console.styled("-   ", .dim)
        }
    }

    /// The maximum number of findings that the report shows for one check.
    private static let shown = 3

    private func print(_ result: CheckResult, _ console: Console) {
        let check = result.check
        let mark = Self.mark(result.verdict, console)
        console.out("\(mark) \(check.id): violated: \(check.title)")
        for finding in result.findings.prefix(Self.shown) {
            line("asked", finding.asked, to: console)
            line("expected", finding.expected, to: console)
            line("found", finding.found, to: console)
        }
        let rest = result.findings.count - Self.shown
        if rest > 0 { line("", "and \(rest) more; --json prints all of them", to: console) }
        line("why", check.reason, to: console)
        for (index, breakage) in check.breaks.enumerated() {
            let text = "\(breakage.client.rawValue): \(breakage.message)"
            line(index == 0 ? "breaks" : "", text, to: console)
        }
        line("fix", check.fix.text(for: diagnosis.server, at: diagnosis.address), to: console)
    }

    private func line(_ label: String, _ text: String, to console: Console) {
        let padding = String(repeating: " ", count: 10 - label.count)
        console.out("  \(console.styled(label, .dim))\(padding)\(HumanText.printable(text))")
    }

    private var summary: String {
        let counts =
            "\(diagnosis.count(.pass)) ok, "
            + HumanText.count(diagnosis.count(.warn), "warning") + ", "
            + HumanText.count(diagnosis.count(.fail), "fault")
        return "\n\(diagnosis.address): \(counts)"
    }
}

// JSON.
extension DoctorReport {
    var json: JSON {
        .object([
            "ok": .bool(diagnosis.isHealthy),
            "url": .string(diagnosis.address.description),
            "server": .object([
                "kind": .string(diagnosis.server.rawValue),
                "name": diagnosis.serverName.map(JSON.string),
                "proxies": diagnosis.proxies.map(JSON.string),
            ]),
            "milliseconds": .integer(diagnosis.milliseconds),
            "repositories": .integer(diagnosis.repositories),
            "tags": .integer(diagnosis.tags),
            "checks": .array(diagnosis.results.map(json)),
        ])
    }

    private func json(_ result: CheckResult) -> JSON {
        let check = result.check
        let fix = check.fix.text(for: diagnosis.server, at: diagnosis.address)
        let isProblem = result.verdict >= .warn
        return .object([
            "id": .string(check.id),
            "group": .string(check.group.rawValue),
            "title": .string(check.title),
            "verdict": .string(result.verdict.rawValue),
            "questions": .integer(result.questions),
            "note": result.note.map(JSON.string),
            "findings": isProblem ? .array(result.findings.map(Self.json)) : nil,
            "reason": isProblem ? .string(check.reason) : nil,
            "breaks": isProblem ? .array(check.breaks.map(Self.json)) : nil,
            "fix": isProblem ? .string(fix) : nil,
        ])
    }

    private static func json(_ finding: Finding) -> JSON {
        .object([
            "verdict": .string(finding.verdict.rawValue), "asked": .string(finding.asked),
            "expected": .string(finding.expected), "found": .string(finding.found),
        ])
    }

    private static func json(_ breakage: Breakage) -> JSON {
        .object([
            "client": .string(breakage.client.rawValue), "message": .string(breakage.message),
        ])
    }
}
