// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import TestSupport
import Testing

/// The command that a report gives as an example.
@Suite struct ExampleTests {
    private let site: BuiltSite

    init() throws { site = try BuiltSite() }

    private func build(_ arguments: String...) throws -> Command.Result {
        try Command.run(ProgramTests.binary, ["build", "-o", site.path] + arguments)
    }

    @Test func noImageWithForeignLayers() throws {
        let members = try SyntheticImage.small.foreignLayout("a/windows:1")
        let windows = try site.archive("w.tar", members)
        let strict = try build(windows, "--strict", "--quiet")
        #expect(strict.status == 1)
        #expect(strict.errors.contains("nothing was changed"))
        #expect(strict.errors.contains("https://maker.example/layer"))
        let alone = try build(windows)
        #expect(alone.status == 0)
        #expect(alone.errors.contains("warning: a/windows:1: clients can't pull the image"))
        #expect(alone.errors.contains("\n  On a machine with internet access"))
        #expect(alone.errors.contains("Serve it:"))
        #expect(!alone.errors.contains("Pull:"))
        let both = try build(windows, Fixture.path("docker20-one.tar"))
        #expect(both.errors.contains("Pull:      docker pull localhost:5000/zoo/hello:1\n"))
        for command in ["list", "verify"] {
            let result = try Command.run(ProgramTests.binary, [command, site.path])
            #expect(result.errors.contains("\n  On a machine with internet access"))
        }
    }
}
