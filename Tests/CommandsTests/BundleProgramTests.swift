// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// `inventory` and `bundle`, as a user runs them: exit codes, texts, and the commands that they print.
@Suite struct BundleProgramTests: SiteProgramSuite {
    let folder: TemporaryFolder
    private var home: String { folder["home"] }
    private var inventory: String { folder["far.json"] }
    private var bundle: String { folder["trip.bundle"] }

    /// `site` is the far one, and home has one image more.
    init() throws {
        folder = try TemporaryFolder()
        let layer = TarBuilder.tar([.file("noise", Generator.noise(1_300_000))])
        let image = SyntheticImage(layers: [layer])
        try folder.write("new.tar", TarBuilder.tar(image.dockerArchive(["new:1"])))
        try build("docker28ctr-many.tar")
        let inputs = [Fixture.path("docker28ctr-many.tar"), folder["new.tar"]]
        let result = try Command.run(ProgramTests.binary, ["build", "-q"] + inputs + ["-o", home])
        #expect(result.status == 0)
        #expect(try run("inventory", site, "-o", inventory, "-q").status == 0)
    }

    @discardableResult
    private func create(_ options: String...) throws -> Command.Result {
        let words = ["bundle", "create", home, "--have", inventory, "-o", bundle]
        return try Command.run(ProgramTests.binary, words + options)
    }

    /// The command after a text, as regstatic printed it, with other words for some of its words.
    private func printed(
        _ text: String,
        in errors: String,
        _ words: [String: String]
    ) throws -> Command.Result {
        let line = try #require(errors.split(separator: text).dropFirst().first)
            .prefix { $0 != "\n" }
        let arguments = line.split(separator: " ").map { words[String($0)] ?? String($0) }
        return try Command.run(ProgramTests.binary, arguments)
    }

    @Test func way() throws {
        let text = try run("inventory", site, "-o", "-")
        #expect(try text.output == folder.read("far.json"))
        let created = try create()
        #expect(created.status == 0)
        #expect(created.text.contains("new:1") && !created.text.contains("zoo/hello"))
        #expect(created.errors.contains("6 images unchanged\n3 blobs carried, 1.3 MB\n"))
        let digest = try #require(created.errors.split(separator: "bundle.json: ").last)
        let list = try run("bundle", "list", bundle, "--content")
        #expect(list.status == 0)
        #expect(list.text.contains("required") && list.text.contains("carried"))
        #expect(list.errors.hasSuffix(digest))
        let verified = try run("bundle", "verify", bundle, site)
        #expect(verified.status == 0)
        #expect(verified.errors.contains("\(bundle) is complete and fits \(site)\n"))
        let applied = try run("bundle", "apply", bundle, site)
        #expect(applied.status == 0)
        #expect(applied.text.hasPrefix("added new:1 sha256:"))
        #expect(applied.errors.contains("\(site): 1 image changed, 6 unchanged\n"))
        #expect(applied.errors.contains("take home: \(bundle).receipt.json\n"))
        #expect(try run("verify", site).status == 0)
        // The receipt says that nothing is left to be carried.
        let receipt = "\(bundle).receipt.json"
        let next = try run("bundle", "create", home, "--have", receipt, "--dry-run")
        #expect(next.errors.contains("0 blobs carried"))
        #expect(try run("bundle", "apply", bundle, site).text.isEmpty)
    }

    @Test func volumes() throws {
        #expect(try create("--volume-size", "1.15M").errors.contains(" in 2 volumes\n"))
        let first = try run("bundle", "verify", "\(bundle).001", site)
        #expect(first.status == 6)
        #expect(try run("bundle", "verify", bundle, site).status == 0)
        #expect(
            first.errors.contains(
                "Not here, so not checked: volume 2 of 2\n\(bundle).001 is intact."
            )
        )
        let part = try run("bundle", "apply", "\(bundle).002", site)
        #expect(part.status == 6)
        #expect(
            part.errors.hasPrefix(
                "The images are not in \(site) yet, because volume 1 of 2 is missing."
            )
        )
        #expect(!folder.exists("trip.bundle.receipt.json"))
        #expect(try run("list", site).text.contains("new") == false)
        #expect(try run("bundle", "apply", bundle, site).status == 0)
        #expect(
            try run("bundle", "list", bundle).errors.contains("2 volumes; here: volumes 1 and 2\n")
        )
        #expect(folder.exists("trip.bundle.receipt.json"))
    }

    @Test func damagedBundle() throws {
        try create()
        let good = try folder.read("trip.bundle")
        var bytes = good
        bytes[bytes.count - 100_000] ^= 1
        try folder.write("trip.bundle", bytes)
        for command in ["verify", "apply"] {
            let result = try run("bundle", command, bundle, site)
            #expect(result.status == 2)
            #expect((result.text + result.errors).contains("damaged: \(bundle): blobs/sha256/"))
            #expect(result.errors.contains("again from where"))
        }
        try folder.write("trip.bundle", good)
        #expect(try run("bundle", "apply", bundle, site, "--no-receipt").status == 0)
        #expect(!folder.exists("trip.bundle.receipt.json"))
    }

    /// A wrong base is refused with the list of what is missing, and the remedy works.
    @Test(arguments: [false, true]) func wrongBase(_ hasReceipt: Bool) throws {
        try create()
        let other = folder["other"]
        let archive = Fixture.path("docker28ctr-one.tar")
        try run("build", "-q", archive, "-o", other)
        let options = hasReceipt ? [] : ["--no-receipt"]
        let result = try Command.run(
            ProgramTests.binary,
            ["bundle", "apply", bundle, other] + options
        )
        #expect(result.status == 1)
        #expect(
            result.errors.hasPrefix("error: \(other) lacks 6 pieces of content that the bundle")
        )
        #expect(result.errors.contains("layer 3 of zoo/hello:3"))
        let far = folder[hasReceipt ? "trip.bundle.receipt.json" : "written.json"]
        if hasReceipt {
            #expect(result.errors.contains("Take \(far) home"))
        } else {
            let line = result.errors.replacing(". At home: ", with: "\n")
            #expect(try printed("regstatic ", in: line, ["far.json": far]).status == 0)
        }
        let words = ["SITE": home, "FILE": far, "rest.bundle": folder["rest.bundle"]]
        let rest = try printed("At home: regstatic ", in: result.errors, words)
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try run("bundle", "apply", folder["rest.bundle"], other).status == 0)
        #expect(try run("verify", other).status == 0)
        let verified = try run("bundle", "verify", bundle, folder["site"])
        #expect(verified.status == 0)
    }

    @Test func conflict() throws {
        try create()
        let other = SyntheticImage(layers: [SyntheticImage.layer("o", "other")])
        try folder.write("o.tar", TarBuilder.tar(other.dockerArchive(["new:1"])))
        try run("build", "-q", folder["o.tar"], "-o", site)
        let verified = try run("bundle", "verify", bundle, site)
        #expect(verified.status == 2)
        #expect(verified.text.contains("tag: new:1 is sha256:"))
        #expect(verified.errors.contains("regstatic bundle apply --force"))
        let result = try run("bundle", "apply", bundle, site)
        #expect(result.status == 1)
        #expect(result.errors.contains("the bundle expects that it is not there\n"))
        #expect(result.errors.contains("use --force"))
        #expect(try run("bundle", "apply", bundle, site, "--force").text.hasPrefix("moved new:1 "))
    }

    @Test func limits() throws {
        let before = try folder.snapshot()
        let large = try create("--max", "1M")
        #expect(large.status == 1)
        #expect(large.errors.contains("the bundle would have 1.3 MB, more than --max 1 MB"))
        #expect(large.errors.contains("layer 1 of new:1"))
        let dry = try create("--dry-run")
        #expect(dry.status == 0)
        #expect(dry.errors.contains("The bundle would have 1.3 MB.\n"))
        let small = try create("--volume-size", "10k")
        #expect(small.status == 1)
        #expect(Tree.differences(before, try folder.snapshot()) == [])
        // The size that the error names is enough.
        let size = try #require(small.errors.split(separator: "--volume-size ").last)
        #expect(try create("--volume-size", String(size.dropLast())).status == 0)
        #expect(try create("--max", "2M").status == 0)
    }

    @Test func insideTheSite() throws {
        let path = "\(home)/blobs/trip.bundle"
        let result = try run("bundle", "create", home, "-o", path)
        #expect(result.status == 1)
        #expect(!folder.exists("home/blobs/trip.bundle"))
        #expect(try run("inventory", site, "-o", "\(site)/index.json").status == 1)
        #expect(try run("verify", site).status == 0)
    }

    /// Things that are no bundle.
    @Test(arguments: ["list", "verify", "apply"]) func noBundle(_ command: String) throws {
        let rest = command == "apply" ? [site] : []
        try create()
        let cut = Array(try folder.read("trip.bundle").prefix(700))
        let cases = [
            (Fixture.path("docker20-one.tar"), "is not a bundle"), (folder["none"], "No such file"),
            ("/dev/stdin", "pipe"), (try folder.write("text", "hello"), "is not a bundle"),
            (try folder.write("short", [1]), "is not a bundle"),
            (try folder.write("cut", cut), "Copy the file again from where it was made."),
        ]
        for (path, text) in cases {
            let shell = ["-c", "cat \"$0\" | \"$@\"", Fixture.path("docker20-one.tar")]
            let program = [ProgramTests.binary, "bundle", command, path]
            let result = try Command.run("/bin/sh", shell + program + rest)
            // A file that was a bundle is damaged; any other file is the wrong one.
            #expect(result.status == (path.hasSuffix("/cut") ? 2 : 1), "\(path)")
            #expect(result.errors.contains(text), "\(path): \(result.errors)")
            #expect(!result.errors.contains("unexpected"))
        }
        guard command != "verify" else { return }
        let result = try Command.run(ProgramTests.binary, ["bundle", command, home] + rest)
        #expect(result.status == 1)
        #expect(result.errors.contains("\(home) is a folder and not a bundle"))
    }

    @Test(arguments: [
        ["create", "home"], ["create", "home", "-o", ""], ["create", "home", "-o", "-"],
        ["create", "home", "-o", "x", "--remove", "a:1"], ["create"], ["list"], ["verify"],
        ["create", "home", "-o", "x", "--volume-size", "1X"], ["apply", "x"], ["verify", "/tmp"],
        ["apply", "x", "y", "--yes"],
        ["create", "home", "-o", "x", "--remove", "a", "--have", "x"],
    ])
    func wrongUsage(_ words: [String]) throws {
        let result = try Command.run(ProgramTests.binary, ["bundle"] + words)
        #expect(result.status == 64, "\(result.errors)")
    }

    @Test func removal() throws {
        let unknown = try create("--remove", "zoo/none:1")
        #expect(unknown.status == 1)
        #expect(try create("--remove", "zoo/hello:2").text.contains("removed"))
        let result = try run("bundle", "apply", bundle, site)
        #expect(result.text.contains("removed zoo/hello:2\n"))
        #expect(result.errors.contains("1 image changed, 5 unchanged, 1 removed\n"))
        #expect(try run("verify", site).status == 0)
    }

    @Test func mirror() throws {
        try run("bundle", "create", home, "new:1", "--have", inventory, "-o", bundle)
        // Without a terminal nobody can agree.
        let declined = try run("bundle", "apply", bundle, site, "--mirror")
        #expect(declined.status == 1)
        #expect(declined.errors.contains("--yes"))
        #expect(try run("bundle", "apply", bundle, site, "--mirror", "--yes").status == 0)
        #expect(try run("list", site).text.contains("new"))
        #expect(try run("verify", site).status == 0)
    }
}
