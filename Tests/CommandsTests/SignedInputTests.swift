// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import TestSupport
import Testing

/// Signed sites as inputs of `build`.
@Suite(.enabled(if: Command.isInstalled("ssh-keygen")))
struct SignedInputTests: SigningSuite {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try prepare()
    }

    private func buildFrom(_ inputs: [String], _ arguments: String...) throws -> Command.Result {
        try Command.run(
            ProgramTests.binary,
            ["build"] + inputs + ["-o", folder["far"], "--signers", folder["signers"]] + arguments
        )
    }

    @Test(arguments: ["folder", "tar", "stdin"])
    func aSignedSiteKeepsItsAddress(_ form: String) throws {
        #expect(try run("clients", site, "--host", "registry.lan", "--http").status == 0)
        try sign()
        let tar = try Command.run("tar", ["-C", site, "-c", "."])
        let archive = try folder.write("site.tar", tar.output)
        let result: Command.Result
        if form == "stdin" {
            result = try Command.run(
                ProgramTests.binary,
                ["build", "-", "-o", folder["far"], "--signers", folder["signers"]],
                input: tar.output
            )
        } else {
            result = try buildFrom([form == "tar" ? archive : site], "--identity", "home")
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("signed by home"))
        let kit = try run("clients", folder["far"])
        #expect(kit.text.contains("registry.lan"), "\(kit.errors)")
    }

    @Test func otherSitesAreRefused() throws {
        let archive = Fixture.path("crane0.20.tar")
        func refused(_ input: String, _ message: String, _ arguments: String...) throws {
            let result = try Command.run(
                ProgramTests.binary,
                ["build", input, archive, "-o", folder["far"], "--signers", folder["signers"]]
                    + arguments
            )
            #expect(result.status == 1)
            #expect(result.errors.contains(message), "\(result.errors)")
            // An archive needs no signature.
            #expect(result.text.contains("zoo/hello:2"))
            #expect(!result.text.contains("zoo/hello:1"))
            try folder.remove("far")
        }
        try refused(site, "a site without a signature")
        try sign()
        try refused(site, "not to away", "--identity", "away")
        // A list of images that the signature doesn't cover.
        let docker = #"[{"Config":"a.json","RepoTags":["a:1"],"Layers":[]}]"#
        try folder.write("site/manifest.json", docker)
        let tar = try Command.run("tar", ["-C", site, "-c", "."])
        try refused(try folder.write("site.tar", tar.output), "also has manifest.json")
        try folder.remove("site/manifest.json")
        // A site that has lost its index is recognised by its other files.
        try folder.remove("site/index.json")
        try refused(site, "a site without a signature")
    }
}
