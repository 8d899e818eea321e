// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import TestSupport
import Testing

/// References by digest, and what a site can do for them.
@Suite struct PinTests {
    private static let digest = Digest(of: Array("a".utf8))

    @Test(arguments: [
        "app:1@\(digest)", "image: \"registry.corp:5000/team/app@\(digest)\"",
        "docker://team/app@\(digest)", "{image: team/app:1@\(digest)}", "- team/app@\(digest)\r",
        "FROM team/app@\(digest) AS build", "['team/app@\(digest)']",
    ])
    func picksFromText(_ text: String) {
        let pins = Pin.all(in: "# comment\n\(text)\nkind: Pod")
        #expect(pins.map(\.digest) == [Self.digest])
        #expect(pins.first?.reference.repository.description.hasSuffix("app") == true)
    }

    @Test func eachOnce() {
        let text = "a@\(Self.digest) b:1 a@\(Self.digest)\nb@\(Self.digest)"
        #expect(
            Pin.all(in: text).map(\.reference.repository.description) == ["library/a", "library/b"]
        )
    }

    @Test(arguments: ["", "app:1", "app@sha256:12", "@\(digest)", "App@\(digest)", "\(digest)"])
    func nothingToPick(_ text: String) {
        #expect(Pin.all(in: text).isEmpty)
    }

    private func results(_ site: BuiltSite, _ pins: [String]) throws -> [PinResult.Verdict] {
        let outcome = try site.build([]) { options in
            options.pins = pins.compactMap { Pin($0) }
        }
        #expect(outcome.pins.count == pins.count)
        return outcome.pins.map(\.verdict)
    }

    @Test func verdicts() throws {
        let site = try BuiltSite(["docker20-many.tar", "docker28ctr-sparse.tar"].map(Fixture.path))
        let entries = try site.index.entries
        let multi = try #require(entries.first { $0.name == "zoo/multi:2" })
        let hello = try #require(entries.first { $0.name == "zoo/hello:2" })
        let graph = try SiteFolder.forReading(site.path).graph()
        let children = graph.children(multi.manifest).map(\.digest)
        let carried = try #require(children.first { graph.nodes[$0] != nil })
        let absent = try #require(children.first { graph.nodes[$0] == nil })
        let found = try results(
            site,
            [
                "registry.corp/zoo/multi:2@\(multi.manifest.digest)", "zoo/multi@\(carried)",
                "zoo/multi@\(absent)", "other/multi@\(multi.manifest.digest)",
                "zoo/hello:2@\(Self.digest)", "zoo/multi:2@\(Self.digest)", "nobody@\(Self.digest)",
            ]
        )
        #expect(
            found == [
                .served, .served, .notCarried, .elsewhere(["zoo/multi:2"]),
                .madeHere(hello.manifest.digest), .different(multi.manifest.digest), .absent,
            ]
        )
    }

    @Test func strict() throws {
        let site = try BuiltSite()
        let pin = try #require(Pin("zoo/hello:2@\(Self.digest)"))
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([Fixture.path("docker20-many.tar")]) { options in
                options.isStrict = true
                options.pins = [pin]
            }
        }
        #expect(try site.snapshot().keys.sorted() == [".regstatic", ".regstatic/lock"])
    }
}
