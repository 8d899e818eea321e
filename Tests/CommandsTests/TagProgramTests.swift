// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// `tag` and `list`, as a user goes back to an earlier version with them.
@Suite struct TagProgramTests: SiteProgramSuite {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func digest(_ name: String) throws -> String {
        let json = try JSON(parsing: Array(try run("list", site, "--json").text.utf8))
        let image = json["images"]?.array?.first { $0["name"]?.string == name }
        return try #require(image?["digest"]?.string)
    }

    /// The command that a text proposes, without the program's name.
    private func command(in text: String, after mark: String) throws -> [String] {
        let line = try #require(text.split(separator: "\n").first { $0.contains(mark) })
        let start = try #require(line.firstRange(of: "regstatic ")?.upperBound)
        return line[start...].split(separator: " ").map(String.init)
    }

    /// Both the list and `tag` itself propose a command that works.
    @Test(arguments: ["plain", "portable"]) func goingBack(_ layout: String) throws {
        try build("docker20-one.tar", layout: layout)
        let old = try digest("zoo/hello:1")
        #expect(try !run("list", site).errors.contains("replaced"))
        try build("docker28-one.tar", layout: layout)
        let new = try digest("zoo/hello:1")
        try #require(old != new)
        let list = try run("list", site)
        let row = try #require(list.text.split(separator: "\n").last)
        #expect(row.contains("(was 1 until 20") && row.contains(old))
        #expect(row.hasSuffix("docker20-one.tar"))
        #expect(list.errors.contains("1 replaced image kept until `regstatic prune`"))
        let back = try command(in: list.errors, after: "regstatic tag")
        let result = try Command.run(ProgramTests.binary, back)
        #expect(result.status == 0)
        #expect(result.text == "moved zoo/hello:1 \(old)\n")
        #expect(try digest("zoo/hello:1") == old)
        let undo = try command(in: result.errors, after: "To undo: ")
        #expect(try Command.run(ProgramTests.binary, undo).text == "moved zoo/hello:1 \(new)\n")
        #expect(try digest("zoo/hello:1") == new)
        #expect(try run("verify", site).status == 0)
    }

    /// A script can undo a build from the document of the build alone.
    @Test func undoingABuild() throws {
        try build("docker20-many.tar")
        let old = try digest("zoo/hello:2")
        let result = try run("build", Fixture.path("docker28-many.tar"), "-o", site, "--json")
        let images = try JSON(parsing: Array(result.text.utf8))["images"]?.array ?? []
        for image in images {
            let repository = try #require(image["repository"]?.string)
            let previous = try #require(image["previousDigest"]?.string)
            let tag = try #require(image["tag"]?.string)
            #expect(try run("tag", site, "\(repository)@\(previous)", ":\(tag)").status == 0)
        }
        #expect(try digest("zoo/hello:2") == old)
        let again = try run("build", Fixture.path("docker20-many.tar"), "-o", site, "--json")
        #expect(!again.text.contains("previousDigest"))
    }

    /// One command for each image that the tags named before.
    @Test func undoingSeveral() throws {
        try build("docker20-many.tar")
        let (one, two) = (try digest("zoo/hello:1"), try digest("zoo/hello:2"))
        #expect(try run("tag", site, "zoo/hello:2", ":a", ":b", "promo/hello:a").errors.isEmpty)
        let moved = try run("tag", site, "zoo/hello:1", ":a", ":2", "promo/hello:a", ":b", ":new")
        let command = "To undo: regstatic tag \(site)"
        #expect(
            moved.errors == "\(command) zoo/hello@\(two) :a :2 :b\n"
                + "\(command) promo/hello@\(two) :a\n"
        )
        try run("tag", site, "zoo/hello@\(two)", ":a", ":2", ":b")
        #expect(try digest("zoo/hello:2") == two)
        #expect(try digest("zoo/hello:new") == one)
    }

    @Test func quiet() throws {
        try build("docker20-many.tar")
        let digest = try digest("zoo/hello:2")
        let first = try run("tag", site, "zoo/hello:2", ":new", "promo/hello:2", "-q")
        #expect(first.status == 0 && first.errors.isEmpty)
        #expect(first.text == "added zoo/hello:new \(digest)\nadded promo/hello:2 \(digest)\n")
        let again = try run("tag", site, "zoo/hello:2", "zoo/hello:new")
        #expect(again.status == 0)
        #expect(again.text == "present zoo/hello:new \(digest)\n")
        #expect(again.errors == "nothing changed\n")
    }

    @Test func errors() throws {
        try build("docker20-many.tar", layout: "portable")
        let before = try folder.snapshot("site")
        let absent = try run("tag", site, "zoo/hello:9", ":new")
        #expect(absent.status == 1 && absent.text.isEmpty)
        #expect(absent.errors.contains("the site has no zoo/hello:9"))
        #expect(absent.errors.contains("The site has zoo/hello:1, zoo/hello:2"))
        for (name, text) in [
            ("zoo/con:1", "a portable site can't hold the repository zoo/con"),
            ("zoo/hello/blobs/x:1", "the path of zoo/hello/blobs/x belongs to the API"),
            ("index.html:1", "would replace the registry's own index.html"),
        ] {
            let refused = try run("tag", site, "zoo/hello:1", ":new", name)
            #expect(refused.status == 1 && refused.text.isEmpty)
            #expect(refused.errors.contains(text))
            #expect(refused.errors.contains("Choose another name."))
        }
        let list = "sha256-" + String(repeating: "0", count: 64)
        let referrers = try run("tag", site, "zoo/hello:1", ":new", ":\(list)")
        #expect(referrers.status == 1 && referrers.text.isEmpty)
        #expect(referrers.errors.contains("\(list) as the list of what refers to an image"))
        let cased = try run("tag", site, "zoo/hello:1", ":RC", ":Rc")
        #expect(cased.status == 1 && cased.errors.contains("differ only by case"))
        #expect(Tree.differences(before, try folder.snapshot("site")) == [])
    }

    /// Wrong usage names what is wrong with a new tag.
    @Test(arguments: [
        ("Team/App:1", "lower case: team/app:1"), ("app", "for example app:1.0"),
        ("host:5000/app:1", "A registry's host is not a part"),
    ])
    func wrongNames(_ name: String, _ text: String) throws {
        let result = try run("tag", site, "zoo/hello:1", name)
        #expect(result.status == 64 && result.errors.contains(text), "\(result.errors)")
    }
}
