// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Site
import SiteModel
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

    /// No container engine can pull a chart.
    @Test func noArtifact() throws {
        let chart = Fixture.path("oci-artifact")
        let alone = try build(chart, "--name", "a/chart")
        #expect(alone.status == 0)
        #expect(alone.errors.contains("Serve it:"))
        #expect(!alone.errors.contains("docker pull"))
        #expect(try SiteFolder.forReading(site.path).example == nil)
        let both = try build(
            chart,
            Fixture.path("docker20-one.tar"),
            "--name",
            "oci-artifact=a/chart"
        )
        #expect(both.errors.contains("Pull:      docker pull localhost:5000/zoo/hello:1\n"))
        #expect(try SiteFolder.forReading(site.path).example?.name == "zoo/hello:1")
    }

    /// An index from a registry has no platform of its own.
    @Test func imageOfSeveralPlatforms() throws {
        let result = try build(Fixture.path("docker28ctr-multiarch-attested.tar"))
        #expect(result.errors.contains("Pull:      docker pull localhost:5000/zoo/multi:1\n"))
        #expect(try SiteFolder.forReading(site.path).example?.name == "zoo/multi:1")
    }

    /// The suggestion appears once, and only if zstd would change something.
    @Test func suggestionOfZstd() throws {
        let one = Fixture.path("docker20-one.tar")
        let text = "--compression zstd makes"
        #expect(try build(Fixture.path("oci-dir")).errors.contains(text) == false)
        #expect(try build(one, "--replace").errors.contains(text) == false)
        for options in [["--level", "1"], ["--compression", "gzip"], ["--format", "docker"]] {
            let other = try BuiltSite()
            let arguments = ["build", "-o", other.path, one] + options
            let result = try Command.run(ProgramTests.binary, arguments)
            #expect(result.status == 0 && !result.errors.contains(text))
        }
        let other = try BuiltSite()
        for isFirst in [true, false] {
            let result = try Command.run(ProgramTests.binary, ["build", "-o", other.path, one])
            #expect(result.errors.contains(text) == isFirst)
        }
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
