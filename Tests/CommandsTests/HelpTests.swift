// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import SiteTestSupport
import Testing

@testable import Commands

/// The help is a text like any other: changed on purpose only.
@Suite struct HelpTests {
    @Test func program() {
        let text = RegstaticCommand.helpMessage(columns: 80)
        #expect(Golden.difference("help-regstatic.txt", text) == nil)
    }

    /// All commands with the words after the program's name, such as `bundle create`.
    private static let verbs: [(words: [String], command: any ParsableCommand.Type)] =
        below(RegstaticCommand.self, [])

    private static func below(
        _ command: any ParsableCommand.Type,
        _ words: [String]
    ) -> [(words: [String], command: any ParsableCommand.Type)] {
        command.configuration.subcommands.flatMap { verb in
            let words = words + [verb.configuration.commandName ?? "?"]
            return [(words, verb)] + below(verb, words)
        }
    }

    @Test func verbs() {
        for (words, verb) in Self.verbs {
            let name = words.joined(separator: "-")
            // The default number of threads is the machine's.
            let text = RegstaticCommand.helpMessage(for: verb, columns: 80)
                .replacing(/\(default: \d+\)/, with: "(default: N)")
            #expect(Golden.difference("help-\(name).txt", text) == nil)
        }
    }

    /// ArgumentParser wraps paragraphs only if their lines are not broken already.
    @Test(arguments: [60, 80, 120])
    func paragraphsFillTheTerminal(_ columns: Int) throws {
        for (_, command) in Self.verbs {
            let text = RegstaticCommand.helpMessage(for: command, columns: columns)
            for paragraph in HelpText.parts(text) where !HelpText.isSection(paragraph) {
                guard let first = paragraph.first, !first.contains("USAGE:"),
                    !first.hasSuffix(":")
                else { continue }
                for (line, next) in zip(paragraph, paragraph.dropFirst()) {
                    let word = next.prefix { $0 != " " }
                    #expect(line.count < columns && line.count + 1 + word.count >= columns)
                }
            }
        }
    }

    /// Every verb says what its exit codes are, or never fails but for them.
    @Test func exitCodes() {
        let text = RegstaticCommand.helpMessage()
        for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "64 "] { #expect(text.contains("\n  \(code)")) }
    }

    /// Registries have only lower-case names, so the message has the name that works.
    @Test(arguments: [
        ("--name", "X:1", "--name x:1"),
        ("--name", "Dir/F.tar=Team/App", "--name Dir/F.tar=team/app"),
        ("--name", "App:RC1", "--name app:RC1"), ("--prefix", "Team", "--prefix team"),
        ("--name", "-:1", "lower-case letters and digits"),
        ("--prefix", "a//B", "lower-case letters and digits"),
    ])
    func namesWithCapitals(_ option: String, _ value: String, _ part: String) {
        let arguments = ["build", "a.tar", "-o", "x", "\(option)=\(value)"]
        do {
            _ = try RegstaticCommand.parseAsRoot(arguments)
            Issue.record("\(arguments) was accepted")
        } catch {
            let message = RegstaticCommand.message(for: error)
            #expect(message.contains(part), "\(message)")
        }
    }

    @Test(arguments: [
        ["build", "-o", "x"], ["build", "a.tar"], ["build", "-", "-", "-o", "x"],
        ["build", "a", "-o", "x", "--level", "4"], ["build", "a", "-o", "x", "--jobs", "0"],
        ["build", "a", "-o", "x", "--compression", "zstd", "--level", "20"],
        ["build", "a", "-o", "x", "--compression", "none", "--level", "1"],
        ["build", "a", "-o", "x", "--format", "docker", "--compression", "zstd"],
        ["build", "a", "-o", "x", "--prefix", "No"], ["build", "a", "-o", "x", "--name", "No"],
        ["build", "a", "-o", "x", "--jobs", "257"], ["list"], ["verify"], ["frobnicate"],
        ["build", "a", "-o", "x", "--layout", "fat"],
        ["build", "a", "-o", "x", "--servers", "iis"],
        ["build", "a", "-o", "x", "--servers", "nginx,"], ["serve"],
        ["serve", "x", "--listen", "nowhere"], ["serve", "x", "--listen", "1.2.3.4:99999"],
        ["tls"], ["tls", "--host", "a"], ["tls", "-o", "x"], ["tls", "--host", "a_b", "-o", "x"],
        ["tls", "--host", "a", "-o", "x", "--days", "0"],
        ["tls", "--host", "a", "-o", "x", "--days", "3651"], ["tls", "--host", "a", "-o", ""],
        ["tls", "--show", "x", "--renew"], ["tls", "--show", "x", "-o", "x"],
        ["tls", "--show", ""],
        ["tls", "--renew"], ["tls", "--renew", "-o", "x", "--host", "a:1"],
        ["clients"], ["clients", "x", "--ca", "y"], ["clients", "x", "--client", "docker,"],
        ["clients", "x", "--host", "registry"],
        ["publish"], ["publish", "x"], ["publish", "x", ""], ["publish", "x", "y", "z"],
        ["publish", "x", "y", "--for", "github"],
        ["tag", "x"], ["tag", "x", "a:1"], ["tag", "x", "a:1", "a"], ["tag", "x", "a:1", ":"],
        ["tag", "x", "a:1", "A:1"], ["tag", "x", "a:1", "h:5000/a:1"], ["tag", "x", "A:1", ":2"],
        ["doctor"], ["doctor", "https://a:b@host"], ["doctor", "host", "--repository", "No"],
        ["doctor", "host", "--all", "--repository", "app"],
        ["doctor", "host", "--cacert", "/no/file"],
    ])
    func wrongUsage(_ arguments: [String]) {
        do {
            _ = try RegstaticCommand.parseAsRoot(arguments)
            Issue.record("accepted \(arguments)")
        } catch { #expect(RegstaticCommand.exitCode(for: error) == .validationFailure) }
    }

    @Test(arguments: [
        ["build", "a", "-o", "x"],
        ["build", "-", "-o", "x", "--compression", "zstd", "--level", "19"],
        [
            "build", "a", "-o", "x", "-j", "1", "--name", "a=b:1", "--name", "c", "--prefix", "p/q",
            "-q",
        ],
        ["tls", "--host", "a,*.b.c", "--host", "::1", "-o", "x", "--days", "3650", "--json"],
        ["tls", "--renew", "-o", "x"], ["tls", "--renew", "--host", "a", "-o", "x", "--days", "1"],
        ["clients", "x"],
        ["clients", "x", "--host", "a.b:5000", "--http", "--client", "k3s,podman"],
        ["clients", "x", "--host", "[::1]:5000", "--ca", "y", "--json", "-q"],
        ["tls", "--show", "x", "--json", "-q"], ["list", "x", "--json"],
        ["verify", "x", "-j", "256"],
        ["build", "a", "-o", "x", "--layout", "portable", "--servers", "nginx,python"],
        ["serve", "x", "--listen", "0.0.0.0:443", "--tls", "tls", "-q"],
        ["publish", "x", "s3:y", "-n", "--force", "--resend", "--json", "-q", "-j", "1"],
        ["publish", "x", "s3:y", "--rclone-config", "f", "--", "--bwlimit", "1M"],
        ["publish", "x", "y", "--for", "cloudflare-pages"],
        ["doctor", "host", "--repository", "app", "--repository", "team/app:1.0", "--deep", "-q"],
        ["tag", "x", "a", ":2", "b/c:RC", "--json", "-q"],
    ])
    func rightUsage(_ arguments: [String]) throws {
        #expect(throws: Never.self) { try RegstaticCommand.parseAsRoot(arguments) }
    }
}
