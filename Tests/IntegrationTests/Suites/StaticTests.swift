// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// The static program needs nothing of the machine that it runs on.
extension Integration {
    @Suite(.serialized, .needsStaticProgram)
    struct StaticTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func nothingIsNeededToStartIt() throws {
            let machine = ELF(try Tree.contents("/usr/bin/env"))
            #expect(machine.hasInterpreter && machine.hasDynamicSection)
            let program = ELF(try Tree.contents(StaticRoot.program))
            #expect(!program.hasInterpreter && !program.hasDynamicSection)
        }

        /// Neither plug-ins nor modules for names: such a file's name isn't even in the program.
        @Test func noLibraryIsNamedInIt() throws {
            let text = try workspace.run(
                "grep",
                "-aoE",
                "(libcurl|libnss)[a-z_%]*\\.so",
                StaticRoot.program
            )
            #expect(text.text == "")
            #expect(text.status == 1)
        }

        /// Else each folder would give other bytes.
        @Test func noPathOfTheBuildIsInIt() throws {
            let tree = String(Fixture.tests.dropLast("/Tests".count))
            let folder = URL(fileURLWithPath: StaticRoot.program).deletingLastPathComponent().path
            let found = try workspace.run("grep", "-aFrc", tree, folder)
            #expect(found.status == 1, "\(found.text)")
        }

        @Test func everythingInItIsNamed() throws {
            let text = try workspace.run(StaticRoot.program, "--version", "--verbose").succeeded()
                .text
            let licences = URL(fileURLWithPath: StaticRoot.program).deletingLastPathComponent()
                .appendingPathComponent("THIRD-PARTY")
            let sections = try String(contentsOf: licences, encoding: .utf8)
            let names = text.split(separator: "\n").filter { $0.hasPrefix("  ") }
            #expect(names.count == 14)
            for name in [
                "glibc", "libarchive", "openssl", "curl", "libisal", "swift",
                "swift-argument-parser",
            ] {
                #expect(names.contains { $0.hasPrefix("  \(name) ") }, "\(name)")
            }
            for name in names {
                #expect(sections.contains("\n\(name.dropFirst(2))\n==="), "\(name)")
            }
            #expect(sections.contains("GNU LESSER GENERAL PUBLIC LICENSE"))
            #expect(sections.contains("make static GLIBC="))
        }

        /// To the byte, in both layouts.
        @Test(arguments: ["plain", "portable"], ["gzip", "zstd"])
        func siteIsThatOfTheUsualProgram(_ layout: String, _ compression: String) throws {
            let inputs = [Fixture.docker20Many, Fixture.attested, Fixture.mergeAMD64]
            let options = ["--layout", layout, "--compression", compression]
            for (program, site) in [(Workspace.built, "usual"), (StaticRoot.program, "static")] {
                let words = [program, "build", "-q"] + inputs + options
                try workspace.start(words + ["-o", workspace[site]]).wait().succeeded()
            }
            let usual = try workspace.folder.snapshot("usual")
            #expect(Tree.differences(usual, try workspace.folder.snapshot("static")) == [])
            #expect(usual.count > 50)
        }

        /// The program on the medium is the one that put it there, and checks the medium.
        @Test func itPutsItselfOntoAMedium() throws {
            let build = [StaticRoot.program, "build", "-q", Fixture.docker20One, "--with-program"]
            try workspace.start(build + ["-o", workspace["site"]]).wait().succeeded()
            let names = try workspace.folder.snapshot("site").keys
                .filter { $0.hasPrefix("program/") }
            let name = try #require(names.count == 1 ? names.first : nil)
            let copied = try workspace.folder.read("site/\(name)")
            #expect(try copied == Tree.contents(StaticRoot.program))
            try workspace.run("cp", workspace["site/\(name)"], workspace["regstatic"]).succeeded()
            try workspace.run("chmod", "+x", workspace["regstatic"]).succeeded()
            try workspace.run(workspace["regstatic"], "verify", workspace["site"]).succeeded()
        }

        /// Names that aren't ASCII, and archives in each compression.
        @Test(.needs(.strace), arguments: ["build", "doctor"])
        func noCodeOfTheMachineIsLoaded(_ command: String) throws {
            let name = try workspace.folder.write("é.tar", try Tree.contents(Fixture.containerdOne))
            try workspace.run("xz", name).succeeded()
            let arguments = [
                "build": ["build", name + ".xz", "-o", workspace["site"]],
                "doctor": ["doctor", "http://registry.invalid:5000"],
            ]
            let traced = [
                "strace", "-f", "-o", workspace["trace"], "-e", "trace=open,openat,execve",
            ]
            let outcome =
                try workspace.start(traced + [StaticRoot.program] + (arguments[command] ?? []))
                .wait()
            #expect(outcome.status == (command == "build" ? 0 : 5), "\(outcome.errors)")
            let calls = try workspace.folder.text("trace").split(separator: "\n")
            #expect(calls.contains { $0.contains("execve(") })
            #expect(calls.filter { $0.contains(".so") || $0.contains("openssl.cnf") } == [])
        }

        /// With the C library, OpenSSL and configuration of another release.
        @Test(.needsTrees, .needsRoot, .needs(.nginx, .curl)) func newerDebians() throws {
            try workspace.run("cp", StaticRoot.program, workspace["static"]).succeeded()
            try workspace.run("cp", Fixture.docker20Many, workspace["many.tar"]).succeeded()
            try workspace.build([workspace["many.tar"]])
            let usual = try workspace.folder.snapshot("site")
            let server = try NginxServer(workspace, site: workspace["site"])
            defer { server.stop() }
            for (index, debian) in Debian.trees.enumerated() {
                let site = workspace["tree-\(index)"]
                for words in [
                    ["build", workspace["many.tar"], "-o", site], ["verify", site],
                    ["doctor", server.endpoint.url, "--all", "--deep"],
                ] {
                    try workspace.start(debian.command([workspace["static"]] + words)).wait()
                        .succeeded()
                }
                let found = try workspace.folder.snapshot("tree-\(index)")
                #expect(Tree.differences(usual, found) == [], "\(debian.name)")
            }
        }
    }
}
