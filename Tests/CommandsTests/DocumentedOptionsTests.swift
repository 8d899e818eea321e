// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import SiteTestSupport
import TestSupport
import Testing

@testable import Commands

/// What the pages say of options is what the parser knows.
@Suite struct DocumentedOptionsTests {
    @Test func everyVerbAndOptionExists() throws {
        let verbs = Dictionary(
            uniqueKeysWithValues: RegstaticCommand.configuration.subcommands.map { verb in
                let help = RegstaticCommand.helpMessage(for: verb, columns: 90)
                return (verb.configuration.commandName ?? "?", help)
            }
        )
        var count = 0
        let folder = "\(Fixture.repository)/docs"
        let names = try Tree.snapshot(folder).keys.sorted().map { "docs/\($0)" } + ["README.md"]
        for name in names {
            let bytes = try Tree.contents("\(Fixture.repository)/\(name)")
            let text = String(decoding: bytes, as: UTF8.self)
            for call in text.matches(
                of: /(?:^ +|`)regstatic ([a-z]+)([^`\n#|&]*)/.anchorsMatchLineEndings()
            ) {
                let verb = String(call.1)
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
