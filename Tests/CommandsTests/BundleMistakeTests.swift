// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// What `bundle` says to somebody who names the wrong thing, and whether the commands that it prints
/// work.
@Suite struct BundleMistakeTests: SiteProgramSuite {
    let folder: TemporaryFolder
    private var home: String { folder["home"] }
    private var bundle: String { folder["trip.bundle"] }

    /// `site` is the far one, and home has one image more.
    init() throws {
        folder = try TemporaryFolder()
        let layer = TarBuilder.tar([.file("noise", Generator.noise(1_300_000))])
        try folder.write(
            "new.tar",
            TarBuilder.tar(SyntheticImage(layers: [layer]).dockerArchive(["new:1"]))
        )
        try build("docker28ctr-one.tar")
        try run("build", "-q", site, folder["new.tar"], "-o", home)
    }

    /// Runs the command that regstatic printed after a text.
    private func printed(_ text: String, in errors: String) throws -> Command.Result {
        let line = try #require(errors.split(separator: text).dropFirst().first)
            .prefix { $0 != "\n" }
        return try Command.run(ProgramTests.binary, line.split(separator: " ").map(String.init))
    }

    // MARK: No site

    @Test(arguments: [nil, "1.15M"]) func noSite(_ size: String?) throws {
        let options = size.map { ["--volume-size", $0] } ?? []
        let words = ["bundle", "create", home, "-o", bundle] + options
        #expect(try Command.run(ProgramTests.binary, words).status == 0)
        let other = folder["other"]
        let result = try run("bundle", "apply", bundle, other)
        #expect(result.status == 4)
        #expect(result.errors.hasPrefix("error: there is no folder \(other)\n"))
        #expect(!folder.exists("other"))
        #expect(try printed("the bundle: regstatic ", in: result.errors).status == 0)
        #expect(try run("verify", other).status == 0)
        #expect(try run("list", other, "--json").text.contains("new:1"))
    }

    @Test func noSiteForARest() throws {
        try run("bundle", "create", home, "--have", site, "-o", bundle)
        let result = try run("bundle", "apply", bundle, folder["other"])
        #expect(result.status == 4)
        #expect(result.errors.contains("At home: regstatic bundle create HOME -o all.bundle."))
        try folder.makeFolder("empty")
        let empty = try run("bundle", "apply", bundle, folder["empty"])
        #expect(empty.status == 4)
        #expect(empty.errors.contains("is not a site"))
        let verified = try run("bundle", "verify", bundle, folder["other"])
        #expect(verified.status == 4)
        #expect(verified.errors.contains("there is no folder \(folder["other"])"))
    }

    // MARK: The wrong order, the wrong thing

    @Test func wrongOrder() throws {
        try run("bundle", "create", home, "-o", bundle)
        for command in ["apply", "verify"] {
            let result = try run("bundle", command, site, bundle)
            #expect(result.status == 64)
            #expect(result.errors.contains("ame the "), "\(result.errors)")
        }
    }

    @Test func bundleForASite() throws {
        try run("bundle", "create", home, "-o", bundle)
        for words in [["list", bundle], ["verify", bundle], ["inventory", bundle, "-o", "-"]] {
            let result = try Command.run(ProgramTests.binary, words)
            #expect(result.status == 4)
            #expect(result.errors.contains("\(bundle) is a bundle and not a site"))
        }
        let result = try run("bundle", "create", bundle, "-o", folder["x"])
        #expect(result.errors.contains("regstatic bundle list \(bundle)."))
    }

    // MARK: Volumes

    /// Each volume says what the bundle brings, and so does the name without a number.
    @Test(arguments: ["", ".001", ".002"]) func volumesAsHave(_ end: String) throws {
        try run("bundle", "create", home, "-o", bundle, "--volume-size", "1.15M")
        let other = folder["next.bundle"]
        let result = try run("bundle", "create", home, "--have", bundle + end, "-o", other)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("0 blobs carried"))
        let none = try run("bundle", "create", home, "--have", folder["none"], "-o", other)
        #expect(none.status != 0)
        #expect(none.errors.contains(folder["none"]))
    }

    @Test func volumesOfAnEarlierBundle() throws {
        let first = try run("bundle", "create", home, "-o", bundle, "--volume-size", "1.15M")
        #expect(!first.errors.contains("remove it"))
        let again = try run("bundle", "create", home, "-o", bundle, "--volume-size", "1.15M")
        #expect(!again.errors.contains("remove it"))
        let whole = try run("bundle", "create", home, "-o", bundle)
        for path in ["\(bundle).001", "\(bundle).002"] {
            #expect(whole.errors.contains("warning: \(path) is a part of another bundle"))
        }
    }

    @Test func volumesHaveOneName() throws {
        try run("bundle", "create", home, "-o", bundle, "--volume-size", "1.15M")
        #expect(try run("bundle", "verify", bundle).errors.hasPrefix("\(bundle) is complete\n"))
    }

    // MARK: The place of the bundle

    /// Found before patches are made.
    @Test func noPlace() throws {
        let before = try folder.snapshot()
        for (path, text) in [(site, "Is a directory"), (folder["none/x"], "No such file")] {
            let result = try run("bundle", "create", home, "-o", path)
            #expect(result.status != 0)
            #expect(result.errors.contains(path) && result.errors.contains(text))
        }
        #expect(Tree.differences(before, try folder.snapshot()) == [])
    }

    // MARK: Names

    /// A portable site takes all images of a bundle except those that it can't hold.
    @Test func namesThatTheMediumRefuses() throws {
        try run("tag", home, "new:1", "con/new:1")
        try run("bundle", "create", home, "-o", bundle)
        let portable = folder["portable"]
        try run("build", "-q", site, "-o", portable, "--layout", "portable")
        let verified = try run("bundle", "verify", bundle, portable)
        #expect(verified.status == 2)
        #expect(verified.text.contains("refused: the bundle can't be applied: a portable site"))
        #expect(verified.errors.contains("regstatic build BUNDLE -o SITE"))
        let applied = try run("bundle", "apply", bundle, portable, "--json")
        #expect(applied.status == 1)
        #expect(applied.text.contains(#""remedy":"To bring all other images: regstatic build"#))
        #expect(try run("build", bundle, "-o", portable).status == 1)
        #expect(try run("list", portable, "--json").text.contains("new:1"))
        #expect(try run("verify", portable).status == 0)
    }
}
