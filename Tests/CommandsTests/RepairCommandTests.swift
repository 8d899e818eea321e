// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// The commands that regstatic prints for a damaged site: they repair it as they are printed.
@Suite struct RepairCommandTests: SiteProgramSuite {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Both commands of the remedy work as they are printed.
    @Test(arguments: ["build", "remove"]) func lostManifest(_ command: String) throws {
        let archive = Fixture.path("docker20-many.tar")
        try build("docker20-many.tar")
        let folder = try SiteFolder.forReading(site)
        let entries = folder.index.entries
        let digest = try #require(entries.first { $0.name == "zoo/hello:2" }).manifest.digest
        let names = entries.filter { $0.manifest.digest == digest }.map(\.name)
        try self.folder.remove("site/\(digest.blobPath)")
        let result = try run("list", site)
        let other = try run("build", Fixture.path("crane0.20.tar"), "-o", site, "--prefix", "o")
        for result in [result, other] {
            #expect(result.status == 4)
            for name in names { #expect(result.errors.contains(name)) }
        }
        let printed = try #require(
            result.errors.split(separator: "regstatic ").first { $0.hasPrefix(command) }
        )
        let line = try #require(printed.split(separator: command == "build" ? ". Or " : "\n").first)
        let words = line.split(separator: " ").map(String.init)
            .map { $0 == "docker20-many.tar" ? archive : $0 }
        let repaired = try Command.run(ProgramTests.binary, words)
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(
            repaired.errors.contains("1 damaged or missing file repaired") == (command == "build")
        )
        #expect(try run("verify", site).status == 0)
        let rest = try run("list", site)
        #expect(rest.status == 0)
        #expect(
            names.allSatisfy { rest.text.contains($0.prefix { $0 != ":" }) } == (command == "build")
        )
    }

    /// `prune` writes all files again that follow from the index, and says so.
    @Test func repairWithoutArchives() throws {
        try build("docker20-many.tar")
        try folder.remove("site/v2/zoo/hello/manifests/1")
        try folder.write("site/v2/_catalog", "x")
        let damaged = try run("verify", site)
        #expect(damaged.status == 2)
        #expect(damaged.errors.contains("run: regstatic prune \(site)\n"))
        #expect(try run("prune", site).errors.contains("2 damaged or missing files repaired"))
        #expect(try run("verify", site).status == 0)
        #expect(try !run("prune", site).errors.contains("repaired"))
    }

    /// The printed command recovers the images, whatever the path of the site is.
    @Test(arguments: ["list a b/site", "build a b/site", "build a b", "build a b/site.tar"])
    func recoveryCommand(_ words: String) throws {
        try build("docker20-many.tar")
        let list = try run("list", site).text
        try folder.makeFolder("a b")
        try folder.move("site", to: "a b/site")
        try folder.write("a b/site/index.json", "{")
        let parent = folder["a b"]
        let (command, input) = (words.prefix { $0 != " " }, words.drop { $0 != " " }.dropFirst())
        if input.hasSuffix(".tar") {
            #expect(
                try Command.run("/bin/tar", ["-cf", folder[String(input)], "-C", parent, "site"])
                    .status == 0
            )
        }
        let options = command == "build" ? ["-o", folder["out"]] : []
        let result = try Command.run(
            ProgramTests.binary,
            [String(command), folder[String(input)]] + options
        )
        #expect(result.errors.contains("that has index.json and v2/, and run: mv "))
        let printed = try #require(result.errors.split(separator: "and run: ").last)
            .prefix { $0 != "\n" }
            .replacing("regstatic", with: ProgramTests.binary)
            // Keep the test inside its folder.
            .replacing(" /tmp/ ", with: " ../index.json.bad ")
        // The path of the site has a blank, so the shell changes into it first.
        let shell = ["-c", "cd \"$1\" && \(printed)", "sh", folder["a b/site"]]
        #expect(try Command.run("/bin/sh", shell).status == 1)
        #expect(try run("list", folder["a b/NEW"]).text == list)
        #expect(try run("verify", folder["a b/NEW"]).status == 0)
    }
}
