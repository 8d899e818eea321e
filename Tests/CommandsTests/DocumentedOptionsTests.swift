// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import SiteTestSupport
import TestSupport
import Testing

@testable import Commands

/// What the pages say of options is what the parser knows.
@Suite struct DocumentedOptionsTests {
    /// The help of all commands by their words, such as `build` and `bundle create`.
    private static func helps(below command: any ParsableCommand.Type) -> [String: String] {
        var helps: [String: String] = [:]
        for verb in command.configuration.subcommands {
            let name = verb.configuration.commandName ?? "?"
            helps[name] = RegstaticCommand.helpMessage(for: verb, columns: 90)
            for (rest, help) in Self.helps(below: verb) { helps["\(name) \(rest)"] = help }
        }
        return helps
    }

    @Test func everyVerbAndOptionExists() throws {
        let verbs = Self.helps(below: RegstaticCommand.self)
        var count = 0
        let folder = "\(Fixture.repository)/docs"
        let names = try Tree.snapshot(folder).keys.sorted().map { "docs/\($0)" } + ["README.md"]
        for name in names {
            let bytes = try Tree.contents("\(Fixture.repository)/\(name)")
            let text = String(decoding: bytes, as: UTF8.self)
            for call in text.matches(
                of: /(?:^ +|`)regstatic ([a-z]+)([^`\n#|&]*)/.anchorsMatchLineEndings()
            ) {
                let second = call.2.split(separator: " ").first ?? ""
                let pair = "\(call.1) \(second)"
                let verb = verbs[pair] == nil ? String(call.1) : pair
                let help = try #require(verbs[verb], "\(name): regstatic \(verb)")
                let ours = String(call.2).split(separator: " -- ").first ?? ""
                for option in ours.matches(of: /--[a-z-]+/) {
                    let isThere = help.contains("\(option.0) ") || help.contains("\(option.0)\n")
                    #expect(isThere, "\(name): regstatic \(verb) \(option.0)")
                    count += 1
                }
            }
        }
        #expect(count > 20)
    }
}
