// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import TestSupport
import Testing

/// Does what README.txt says, with a signed medium.
@Suite(.enabled(if: Command.isInstalled("ssh-keygen")))
struct MediumGuideTests: SigningSuite {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try prepare()
        try folder.write("allowed_signers", try folder.text("signers"))
        try folder.write("tool", ProgramSample().bytes)
        let options = ["--program", folder["tool"]]
        #expect(try Command.run(ProgramTests.binary, ["build", "-o", site] + options).status == 0)
        #expect(try sign().status == 0)
    }

    /// The indented lines of a section that begin with one of these words.
    private func commands(_ section: String, _ programs: String...) throws -> [String] {
        let text = try folder.text("site/README.txt")
        let start = try #require(text.firstRange(of: "\n\(section). ")?.upperBound)
        let lines = text[start...].split(separator: "\n").prefix { !$0.contains(". Copy the prog") }
        return lines.filter { line in programs.contains { line.hasPrefix("  \($0) ") } }
            .map { String($0.dropFirst(2)) }
    }

    /// Runs a line of the text in the site's folder, with the temporary folder as home.
    private func shell(_ line: String) throws -> Command.Result {
        try Command.run(
            "sh",
            ["-c", "cd \"$HOME/site\" && \(line)"],
            environment: ["HOME": folder.path, "PATH": "/usr/bin:/bin"]
        )
    }

    /// Whether each command of the check succeeds.
    private func check() throws -> [Bool] {
        let commands = try commands("1", "ssh-keygen", "grep")
        try #require(commands.count == 3)
        return try commands.map { try shell($0).status == 0 }
    }

    @Test func theCheckBeforeTheProgramRuns() throws {
        let commands = try commands("1", "ssh-keygen", "grep")
        let results = try commands.map(shell)
        #expect(results.map(\.status) == [0, 0, 0])
        #expect(results[0].text.hasPrefix("Good \"regstatic-site\" signature for home"))
        #expect(results[1].text == "the list is signed\n")
        #expect(results[2].text == "program/regstatic-linux-amd64: OK\n")
    }

    @Test func anotherProgramIsFound() throws {
        try folder.write("site/program/regstatic-linux-amd64", "other")
        #expect(try check() == [true, true, false])
        let list = try folder.text("site/SHA256SUMS")
        try folder.write("site/SHA256SUMS", list.replacing(/.{64}(?=  program)/, with: "0"))
        #expect(try check() == [true, false, false])
    }

    @Test func anotherIndexIsFound() throws {
        let index = try folder.text("site/index.json")
        try folder.write("site/index.json", index.replacing("hello", with: "other"))
        #expect(try check() == [false, true, true])
        // Somebody else signs it.
        try makeKey("other", "ed25519")
        let sign = "ssh-keygen -q -Y sign -n regstatic-site -f ~/other <index.json >forged"
        #expect(try shell("\(sign) && mv forged signatures/*.sig").status == 0)
        #expect(try check() == [false, true, true])
    }

    /// The text has no other program's file, so that the copy is what runs.
    @Test func theCopyRuns() throws {
        try folder.write("site/program/regstatic-linux-amd64", "#!/bin/sh\necho \"$@\"\n")
        for line in try commands("2", "cp", "chmod") { #expect(try shell(line).status == 0) }
        #expect(try shell("~/regstatic verify .").text == "verify .\n")
    }
}
