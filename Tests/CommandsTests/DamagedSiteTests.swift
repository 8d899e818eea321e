// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// What a user sees of damaged sites, and of `--replace`.
@Suite struct DamagedSiteTests: SiteProgramSuite {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    // MARK: The list of images

    @Test(arguments: ["plain", "portable"]) func aLostIndex(_ layout: String) throws {
        try build("docker20-many.tar", layout: layout)
        try folder.remove("site/index.json")
        let before = try folder.snapshot("site")
        let commands = [
            ["list", site], ["verify", site], ["prune", site], ["prune", site, "--dry-run"],
            ["tag", site, "zoo/hello:1", ":new"], ["remove", site, "zoo/hello:1"],
            ["export", site, "zoo/hello:1", "-o", folder["x"]],
            ["clients", site], ["clients", site, "--host", "r.lan"],
            ["build", Fixture.path("docker20-one.tar"), "-o", site],
            ["build", Fixture.path("docker20-one.tar"), "--mirror", "--yes", "-o", site],
        ]
        for command in commands {
            let result = try Command.run(ProgramTests.binary, command)
            #expect(result.status == 4, "\(command)")
            #expect(result.text == "", "\(command)")
            #expect(
                result.errors.contains("index.json, the list of its images, is missing"),
                "\(result.errors)"
            )
            #expect(result.errors.contains("regstatic build \(site) -o NEW"))
        }
        #expect(Tree.differences(before, try folder.snapshot("site")) == [])
    }

    /// The remedy, word for word.
    @Test(arguments: ["plain", "portable"]) func recovery(_ layout: String) throws {
        try build("docker20-many.tar", layout: layout)
        let list = try run("list", site).text
        try folder.remove("site/index.json")
        let result = try run("build", site, "-o", folder["NEW"])
        #expect(result.status == 1)
        #expect(result.errors.contains("index.json is missing"))
        #expect(result.errors.contains("title"))
        #expect(try run("verify", folder["NEW"]).status == 0)
        #expect(try run("list", folder["NEW"]).text == list)
        let quiet = try run("build", "-q", site, "-o", folder["quiet"])
        #expect(quiet.status == 1)
        #expect(quiet.errors.contains("index.json is missing"))
        let strict = try run("build", "--strict", site, "-o", folder["strict"])
        #expect(strict.status == 1)
        #expect(try run("list", folder["strict"]).status == 6)
        #expect(try run("verify", folder["strict"]).status == 6)
    }

    /// An index.json that is there and useless: the remedy begins with moving it away.
    @Test(arguments: ["", "{", #"{"schemaVersion":2,"manifests":[]}"#])
    func aUselessIndex(_ text: String) throws {
        try build("docker20-many.tar")
        let list = try run("list", site).text
        try folder.write("site/index.json", text)
        for command in [["list", site], ["prune", site]] {
            let result = try Command.run(ProgramTests.binary, command)
            #expect(result.status == 4)
            #expect(result.errors.contains("move index.json away"))
        }
        try folder.move("site/index.json", to: "index.json.bad")
        #expect(try run("build", site, "-o", folder["NEW"]).status == 1)
        #expect(try run("list", folder["NEW"]).text == list)
    }

    /// A changed name or an older copy: what the rest of the site says is not overruled in silence.
    @Test(arguments: ["plain", "portable"], ["renamed", "older", "empty", "nameless"])
    func aWrongIndex(_ layout: String, _ how: String) throws {
        try build("docker28-one.tar", layout: layout)
        let older = try folder.text("site/index.json")
        try build("docker20-many.tar", layout: layout)
        let right = try folder.text("site/index.json")
        let wrong =
            switch how {
            case "renamed": right.replacing("team/app:1.0", with: "team/app:1.1")
            case "older": older
            case "nameless":
                right.replacing("image.ref.name", with: "image.ref.namd", maxReplacements: 1)
            default: try emptied(right)
            }
        try folder.write("site/index.json", wrong)
        let before = try folder.snapshot("site")
        let commands = [
            ["prune", site], ["remove", site, "zoo/hello:1"],
            ["tag", site, "zoo/hello:1", ":new"],
            ["build", Fixture.path("crane0.20.tar"), "-o", site],
            ["build", Fixture.path("crane0.20.tar"), "--mirror", "--yes", "-o", site],
        ]
        for command in commands {
            let result = try Command.run(ProgramTests.binary, command)
            #expect(result.status == 4, "\(command): \(result.errors)")
        }
        #expect(Tree.differences(before, try folder.snapshot("site")) == [])
        let input = try run("build", site, "-o", folder["NEW"])
        #expect(input.status == 1)
        #expect(input.errors.contains("index.json"))
        #expect(try run("verify", site).status != 0)
    }

    /// A list without images, and with all else.
    private func emptied(_ list: String) throws -> String {
        let json = try JSON(parsing: Array(list.utf8))
        let members = (json.members ?? [])
            .map { $0.key == "manifests" ? JSON.Member($0.key, .array([])) : $0 }
        return String(decoding: JSON.object(members).canonicalBytes, as: UTF8.self)
    }

    /// An image without a tag is no less listed than one with a tag.
    @Test(arguments: ["plain", "portable"], ["renamed", "older"])
    func aWrongIndexOfUntaggedImages(_ layout: String, _ how: String) throws {
        try build("docker28-one.tar", layout: layout)
        let older = try folder.text("site/index.json")
        try build("oci-referrers", layout: layout)
        let right = try folder.text("site/index.json")
        let wrong = how == "older" ? older : right.replacing("untagged@", with: "untahged@")
        try folder.write("site/index.json", wrong)
        let before = try folder.snapshot("site")
        for command in [
            ["prune", site], ["remove", site, "zoo/hello:1"], ["clients", site, "--host", "r.lan"],
            ["tag", site, "zoo/hello:1", ":new"],
        ] {
            let result = try Command.run(ProgramTests.binary, command)
            #expect(result.status == 4, "\(command): \(result.errors)")
            #expect(result.errors.contains("untagged@sha256:"), "\(command)")
        }
        #expect(Tree.differences(before, try folder.snapshot("site")) == [])
        let input = try run("build", site, "-o", folder["NEW"])
        #expect(input.status == 1)
        #expect(input.errors.contains("untagged@sha256:"))
    }

    /// The way out where index.json is right and the other file is not.
    @Test func anOlderContentTypes() throws {
        try build("docker20-many.tar")
        let list = try folder.read("site/content-types.json")
        #expect(try run("remove", site, "zoo/hello:2").status == 0)
        try folder.write("site/content-types.json", list)
        #expect(try run("prune", site).status == 4)
        try folder.remove("site/content-types.json")
        #expect(try run("prune", site).status == 0)
        #expect(try run("verify", site).status == 0)
    }

    /// An archive never replaces a part of the site that it comes from.
    @Test(arguments: [
        "index.json", "Index.JSON", "content-types.json", "v2/_catalog", "index.html",
        "servers/x.tar",
        "../site/index.json", "../link/oci-layout", "blobs/../index.json",
    ])
    func anExportIntoTheSite(_ place: String) throws {
        try build("docker20-one.tar")
        try folder.makeLink("link", to: "site")
        let before = try folder.snapshot("site")
        let result = try run("export", site, "zoo/hello", "-o", "\(site)/\(place)")
        #expect(result.status == 1)
        #expect(result.errors.contains("part of the site"))
        #expect(Tree.differences(before, try folder.snapshot("site")) == [])
    }

    /// What else is in the folder is the user's own.
    @Test func anExportBesideTheSite() throws {
        try build("docker20-one.tar")
        for place in ["x.tar", "site/x.tar"] {
            #expect(try run("export", site, "zoo/hello", "-o", folder[place]).status == 0)
        }
        #expect(try run("verify", site).status == 0)
    }

    // MARK: Lost content

    @Test(arguments: ["plain", "portable"]) func aLostPlatform(_ layout: String) throws {
        try build("buildx-docker-amd64.tar", "buildx-docker-arm64.tar", layout: layout)
        let document = try JSON(parsing: Array(try run("list", site, "--json").text.utf8))
        let hex = try #require(document["images"]?.array?.first?["digest"]?.string).dropFirst(7)
        let index = try JSON(parsing: try folder.read("site/blobs/sha256/\(hex)"))
        let arm = try #require(
            index["manifests"]?.array?.first { $0["platform"]?["architecture"]?.string == "arm64" }
        )
        let child = try #require(arm["digest"]?.string)
        try folder.remove("site/blobs/sha256/\(child.dropFirst(7))")

        let result = try run("build", "-q", site, "-o", folder["out"])
        #expect(result.status == 1)
        #expect(result.errors.contains("missing: manifest \(child)"))
        // What is lost is in no list, and in no archive.
        let list = try run("list", site)
        #expect(list.status == 4)
        #expect(list.text.contains("zoo/merge"))
        #expect(list.errors.contains(child))
        let export = try run("export", site, "zoo/merge:1", "-o", folder["x.tar"])
        #expect(export.status == 4)
        #expect(!folder.exists("x.tar"))
        #expect(try run("verify", site).status == 2)
        // Nothing is rendered over the damage, and the archive mends it.
        let other = try run("build", Fixture.path("docker20-one.tar"), "-o", site)
        #expect(other.status == 4)
        #expect(other.errors.contains(child))
        #expect(try run("prune", site).status == 4)
        let remedy = try run("build", site, "--platform", "linux/amd64", "-o", folder["amd"])
        #expect(remedy.status == 0)
        #expect(try run("verify", folder["amd"]).status == 0)
        try build("buildx-docker-arm64.tar", layout: layout)
        #expect(try run("verify", site).status == 0)
    }

    @Test func manifestsWithoutABlob() throws {
        try build("docker20-one.tar")
        try folder.remove("site/blobs")
        try folder.makeFolder("site/blobs/sha256")
        let result = try run("verify", site)
        #expect(result.status == 2)
        #expect(result.text.contains("there are manifests, but no blobs"))
        #expect(!result.errors.contains("whole"))
    }

    // MARK: --replace

    @Test func replaceJoinsOtherPlatforms() throws {
        let inputs = ["buildx-docker-amd64.tar", "buildx-docker-arm64.tar"].map(Fixture.path)
        let result = try run("build", inputs[0], inputs[1], "-o", site, "--replace")
        #expect(result.status == 0)
        #expect(result.text.contains("linux/amd64,linux/arm64"))
        #expect(try run("list", site).text.contains("linux/amd64,linux/arm64"))
        let plain = ["build", "-q"] + inputs + ["-o", folder["without"]]
        #expect(try Command.run(ProgramTests.binary, plain).status == 0)
        let different = Tree.differences(
            try folder.snapshot("site"),
            try folder.snapshot("without")
        )
        #expect(different == [])
    }

    @Test func replaceSaysWhatItLeavesOut() throws {
        let inputs = ["docker20-one.tar", "docker28-one.tar"].map(Fixture.path)
        let result = try run("build", inputs[0], inputs[1], "-o", site, "--replace")
        #expect(result.status == 0)
        #expect(
            result.errors.contains(
                "warning: zoo/hello:1: linux/amd64 of \(inputs[0]) was skipped, because"
                    + " --replace prefers \(inputs[1])"
            )
        )
        let json = try run("build", inputs[0], inputs[1], "-o", site, "--replace", "--json")
        let document = try JSON(parsing: Array(json.text.utf8))
        let image = try #require(document["images"]?.array?.first)
        #expect(image["superseded"]?.array?.first?["input"]?.string == inputs[0])
        #expect(image["superseded"]?.array?.first?["winner"]?.string == inputs[1])
        #expect(image["platforms"]?.array?.compactMap(\.string) == ["linux/amd64"])
    }

    /// A registry's index is replaced as a whole: what the tag loses is said.
    @Test func aMovedTagSaysWhatItLoses() throws {
        let image = SyntheticImage.small
        let archive = try folder.write(
            "new.tar",
            TarBuilder.tar(image.dockerArchive(["zoo/multi:1"]))
        )
        try build("docker28ctr-multiarch-attested.tar")
        let result = try run("build", archive, "-o", site)
        #expect(result.status == 0)
        #expect(result.errors.contains("zoo/multi:1: the new image lacks linux/arm64"))
    }
}
