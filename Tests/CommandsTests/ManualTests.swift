// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import SiteTestSupport
import TestSupport
import Testing

@testable import Commands

/// The manual's pages, as `man` reads them.
@Suite struct ManualTests {
    private func page() throws -> ManualPage {
        try #require(ManualPage(dump: RegstaticCommand._dumpHelp()))
    }

    @Test func theProgramsPage() throws {
        #expect(Golden.difference("manual.1", try page().text) == nil)
    }

    @Test func aVerbsPage() throws {
        let tls = try #require(try page().subpages.first { $0.name == "regstatic-tls" })
        #expect(Golden.difference("manual-tls.1", tls.text) == nil)
    }

    /// One for each verb that help shows, with each of its options.
    @Test func everyVerbHasAPage() throws {
        let page = try page()
        let shown = RegstaticCommand.configuration.subcommands
            .filter { $0.configuration.shouldDisplay }
            .map { "regstatic-\($0.configuration.commandName ?? "?")" }
        #expect(page.subpages.map(\.name) == shown)
        #expect(page.subpages.allSatisfy { $0.text.contains("\\fB\\-\\-help\\fR") })
        #expect(page.subpages.allSatisfy { $0.text.contains("\n.SH EXIT STATUS\n") })
    }

    @Test func textIsNoRequest() {
        #expect(Roff.text(".TH a\\b") == "\\&.TH a\\eb")
        #expect(Roff.text("'so it's") == "\\(aqso it\\(aqs")
        #expect(Roff.filled(String(repeating: "word ", count: 40)).allSatisfy { $0.count < 72 })
        #expect(Roff.filled("a .b c") == ["a .b c"])
    }

    /// What the reader of the pages says of them.
    @Test(.enabled(if: Command.isInstalled("mandoc"))) func mandocFindsNothing() throws {
        let folder = try TemporaryFolder()
        let page = try page()
        let files = try ([page] + page.subpages)
            .map { try folder.write("man1/\($0.name).1", $0.text) }
        // References are looked for where manuals are installed.
        let result = try Command.run("mandoc", ["-Tlint", "-Wwarning"] + files)
        #expect(result.status == 0, "\(result.text)\(result.errors)")
    }

    @Test func withoutAVerbTwoCommandsAreShown() throws {
        let result = try Command.run(ProgramTests.binary, [])
        #expect(result.status == 0 && result.errors == "")
        #expect(result.text.contains("\n  regstatic build app.tar -o site "))
        #expect(result.text.contains("\n  regstatic serve site "))
        #expect(result.text.contains("--help"))
    }
}
