// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// `build --program`, and what other commands do with a site that has programs.
@Suite struct ProgramOptionTests: SiteProgramSuite {
    let folder: TemporaryFolder
    private let input = Fixture.path("docker28-one.tar")

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("tool", ProgramSample().bytes)
        try folder.write("tool-arm64", ProgramSample.arm64.bytes)
        try folder.write("dynamic", ProgramSample { $0.segments = [1, 3] }.bytes)
    }

    private func build(_ options: String...) throws -> Command.Result {
        try Command.run(ProgramTests.binary, ["build", "-o", site] + options)
    }

    private var names: [String] {
        get throws {
            try folder.snapshot("site").keys
                .filter { $0 == "README.txt" || $0.hasPrefix("program/") }.sorted()
        }
    }

    @Test func severalPrograms() throws {
        let result = try build(
            input,
            "--program",
            folder["tool"],
            "--program",
            folder["tool-arm64"]
        )
        #expect(result.status == 0)
        #expect(
            result.text.hasSuffix(
                """
                added program/regstatic-linux-amd64; README.txt says how to use it
                added program/regstatic-linux-arm64; README.txt says how to use it

                """
            )
        )
        #expect(result.errors.contains("1 added, programs changed; "))
        #expect(
            try names == [
                "README.txt", "program/regstatic-linux-amd64", "program/regstatic-linux-arm64",
            ]
        )
        let removed = try build("--without-program")
        #expect(removed.status == 0)
        #expect(removed.text.hasPrefix("removed program/regstatic-linux-amd64\n"))
        #expect(try names == [])
        #expect(try run("verify", site).status == 0)
    }

    /// No input is needed to put programs onto a medium that has a site.
    @Test func withoutInputs() throws {
        #expect(try build("--program", folder["tool"]).status == 4)
        #expect(!folder.exists("site"))
        #expect(try build(input).status == 0)
        let result = try build("--program", folder["tool"], "--json")
        #expect(result.status == 0)
        let program = try JSON(parsing: Array(result.text.utf8))["programs"]?.array?.first
        #expect(program?["path"]?.string == "program/regstatic-linux-amd64")
        #expect(program?["architecture"]?.string == "amd64")
        let digest = Digest(of: ProgramSample().bytes)
        #expect(program?["digest"]?.string == digest.description)
        #expect(try build("--program", folder["tool"], "--mirror", "--yes").status == 64)
        #expect(try build().status == 64)
    }

    /// These tests run a program that needs shared libraries.
    @Test func theRunningProgram() throws {
        let result = try build(input, "--with-program")
        #expect(result.status == 1)
        #expect(
            result.errors == """
                error: --with-program: this regstatic needs shared libraries, which another machine may \
                lack
                  Run the static program of regstatic instead (`make static` makes it), or name its \
                file: --program FILE

                """
        )
        #expect(!folder.exists("site"))
    }

    @Test func refusals() throws {
        let dynamic = try build(input, "--program", folder["dynamic"])
        #expect(dynamic.status == 1)
        #expect(dynamic.errors.contains("dynamic: it needs shared libraries, which another"))
        #expect(try build(input, "--program", folder["missing"]).status == 4)
        try folder.write("other", ProgramSample { $0.content = "other" }.bytes)
        let twice = try build(input, "--program", folder["tool"], "--program", folder["other"])
        #expect(twice.status == 1)
        #expect(twice.errors.contains("other are both programs for amd64"))
        #expect(try build(input, "--program", "").status == 64)
        #expect(try build("--without-program", "--program", folder["tool"]).status == 64)
        #expect(!folder.exists("site"))
    }

    @Test func verifySaysWhatToDo() throws {
        #expect(try build(input, "--program", folder["tool"]).status == 0)
        try folder.write("site/program/regstatic-linux-amd64", "damaged")
        let result = try run("verify", site)
        #expect(result.status == 2)
        #expect(result.text == "fault: program/regstatic-linux-amd64: changed\n")
        #expect(result.errors.contains("Don't run the damaged programs. To replace them: "))
        #expect(!result.errors.contains("prune"))
        let list = try run("list", site)
        #expect(list.status == 0 && !list.text.contains("program/"))
        #expect(try build("--program", folder["tool"]).errors.contains("1 damaged or missing file"))
        #expect(try run("verify", site).status == 0)
    }

    /// A copy of the site, an archive of its images and a bundle have the images only.
    @Test func copiesHaveNoPrograms() throws {
        #expect(try build(input, "--program", folder["tool"]).status == 0)
        #expect(try run("build", "-q", site, "-o", folder["copy"]).errors == "")
        #expect(!folder.exists("copy/program") && !folder.exists("copy/README.txt"))
        for name in ["README.txt", "readme.txt", "program/regstatic-linux-amd64", "SHA256SUMS"] {
            let output = folder["site/\(name)"]
            #expect(try run("export", site, "zoo/hello:1", "-o", output).status == 1)
        }
        #expect(try run("inventory", site, "-o", folder["inventory"]).status == 0)
        #expect(try run("bundle", "create", site, "-o", folder["bundle"]).status == 0)
        #expect(try run("build", "-q", folder["bundle"], "-o", folder["far"]).status == 0)
        #expect(!folder.exists("far/program"))
        #expect(try run("bundle", "apply", folder["bundle"], site).status == 0)
        #expect(try names.count == 2)
        #expect(try run("verify", site).status == 0)
        #expect(try run("tag", site, "zoo/hello:1", ":new").status == 0)
        #expect(try run("remove", site, "zoo/hello:new", "--prune", "--now").status == 0)
        #expect(try run("clients", site, "--host", "r.lan:5000", "--http").status == 0)
        #expect(try names.count == 2)
        #expect(try run("verify", site).errors.contains("is whole"))
    }
}
