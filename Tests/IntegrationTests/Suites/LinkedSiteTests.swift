// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// A site that a stranger prepared: whatever place is a link, and whatever is done with the site,
// nothing outside of it is read, written or deleted.
extension Integration {
    @Suite(.serialized, .needs(.strace, .rclone))
    struct LinkedSiteTests {
        /// Keeps the sites that all cases copy.
        private static let workspace = Result { try Workspace() }

        private func site(_ place: String, _ layout: String) throws -> LinkedSite {
            try LinkedSite(try Self.workspace.get(), place: place, layout: layout)
        }

        private func isPossible(_ outcome: Outcome) -> Bool {
            [0, 1, 2, 4].contains(outcome.status ?? -1)
        }

        @Test(arguments: LinkedSite.places, ["plain", "portable"])
        func nothingIsWrittenOrDeleted(_ place: String, _ layout: String) throws {
            let site = try site(place, layout)
            for command in LinkedSite.writing {
                let before = try site.make()
                let outcome = try site.run(command)
                let words = "\(command.testDescription): \(outcome.errors)"
                #expect(isPossible(outcome), "\(words)")
                let after = try site.workspace.folder.snapshot("outside")
                #expect(Tree.differences(before, after) == [], "\(words)")
                // What refuses a site leaves it as it was.
                guard outcome.status == 4 else { continue }
                try site.mend()
                let verdict = try site.workspace.regstatic("verify", site.workspace["site"])
                #expect(verdict.status == 0, "\(words)\(verdict.text)")
            }
        }

        /// Traced runs take their time: each place in one of the layouts.
        @Test(arguments: LinkedSite.places.indices) func nothingIsRead(_ index: Int) throws {
            let layout = index.isMultiple(of: 2) ? "plain" : "portable"
            let site = try site(LinkedSite.places[index], layout)
            for command in LinkedSite.reading {
                let before = try site.make()
                let outcome = try site.run(command, tracing: true)
                let words = "\(command.testDescription): \(outcome.errors)"
                #expect(isPossible(outcome), "\(words)")
                #expect(try site.reached() == [], "\(words)")
                let after = try site.workspace.folder.snapshot("outside")
                #expect(Tree.differences(before, after) == [], "\(words)")
            }
        }

        /// The trace shows what it is meant to show: a folder of a user's own may be a link.
        @Test func theTraceShowsWhatIsReached() throws {
            let site = try site("index.html", "plain")
            _ = try site.make()
            try site.workspace.copy("template", to: "outside/template")
            try site.workspace.folder.makeLink("link", to: "outside/template")
            let command = LinkedSite.Command(
                "build",
                Fixture.containerdOne,
                "--template",
                site.workspace["link"],
                "-o",
                "OUT"
            )
            try site.run(command, tracing: true).succeeded()
            #expect(try !site.reached().isEmpty)
        }

        /// The folders of a site are refused by every command but verify, which reports them.
        @Test(arguments: ["blobs", "manifests", "v2", "clients", "catalogue", "servers"])
        func isSaid(_ place: String) throws {
            let site = try site(place, "plain")
            let path = "\(site.workspace["site"])/\(place)"
            for command in LinkedSite.writing + LinkedSite.reading
            where command.arguments.firstIndex(of: "SITE") != 1 || command.arguments[0] != "build" {
                _ = try site.make()
                let outcome = try site.run(command)
                if command.arguments[0] == "verify" {
                    #expect(outcome.status == 2)
                    #expect(outcome.text.contains("fault: \(place): a symbolic link"))
                } else {
                    #expect(outcome.status == 4, "\(command.testDescription)")
                    #expect(outcome.errors.contains("\(path) is a symbolic link"))
                    #expect(outcome.errors.contains("mount --bind"))
                }
            }
        }

        /// The site's own folder may be reached through a link: the user named it.
        @Test func theSiteItselfMayBeALink() throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.containerdOne], into: "disk/site")
            try workspace.folder.makeLink("link", to: "disk/site")
            try workspace.build([Fixture.docker20Many], into: "link")
            try workspace.regstatic("prune", workspace["link"]).succeeded()
            try workspace.regstatic("verify", workspace["link"]).succeeded()
        }
    }
}
