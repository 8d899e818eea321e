// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// The contract of `--json`: golden documents, and one document for every failure.
@Suite struct JSONTests {
    let folder: TemporaryFolder
    var site: String { folder["site"] }

    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: [String]) throws -> Command.Result {
        try Command.run(ProgramTests.binary, arguments)
    }

    /// The document of a command, with one key or value in each line, and without the names of folders.
    private func document(_ arguments: String..., status: Int32 = 0) throws -> String {
        try document(arguments, status: status)
    }

    private func document(_ arguments: [String], status: Int32 = 0) throws -> String {
        let result = try run(arguments)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 2 && lines.last == "", "one document in one line")
        let text = result.text.replacing(folder.path, with: "TMP")
            .replacing(Fixture.path(""), with: "FIXTURES/")
        return Self.lines(try JSON(parsing: Array(text.utf8)), "")
    }

    private static func lines(_ json: JSON, _ key: String) -> String {
        switch json {
        case .object(let members):
            "\(key) {}\n" + members.map { lines($0.value, "\(key).\($0.key)") }.joined()
        case .array(let values):
            "\(key) []\n" + values.enumerated().map { lines($1, "\(key)[\($0)]") }.joined()
        default:
            "\(key) \(String(decoding: json.canonicalBytes, as: UTF8.self))\n"
        }
    }

    private func check(_ name: String, _ text: String) {
        #expect(Golden.difference("json-\(name).txt", text) == nil)
    }

    @Test func build() throws {
        let broken = try folder.write("broken.tar", "no")
        let image = SyntheticImage.small
        let increment = try folder.write(
            "increment.tar",
            TarBuilder.tar(image.dockerArchive(["a:1"]).without("\(image.diffIDs[0].hex).tar"))
        )
        let inputs = ["docker28ctr-sparse.tar", "docker20-one.tar"].map(Fixture.path)
        let pins = try folder.write("pins", "zoo/multi@sha256:" + String(repeating: "0", count: 64))
        check(
            "build",
            try document(
                "build",
                "--json",
                inputs[0],
                inputs[1],
                broken,
                increment,
                "--pins",
                pins,
                "-o",
                site,
                status: 1
            )
        )
    }

    @Test func list() throws {
        _ = try run(["build", Fixture.path("docker28ctr-sparse.tar"), "-o", site])
        check("list", try document("list", site, "--json"))
    }

    @Test func listOfMissing() throws {
        _ = try run(["build", Fixture.path("docker28ctr-sparse.tar"), "-o", site])
        let list = "zoo/multi:1\nzoo/multi:9\nregistry.k8s.io/pause:3.9\nimage: {{ .x }}\n"
        let needed = try folder.write("needed.txt", list)
        let command = ["list", site, "--missing", needed, "--json"]
        check("list-missing", try document(command, status: 1))
    }

    @Test func verify() throws {
        _ = try run(["build", Fixture.path("docker28ctr-sparse.tar"), "-o", site])
        check("verify", try document("verify", site, "--json"))
    }

    /// The kinds of faults of a damaged copy.
    @Test func faults() throws {
        _ = try run(["build", Fixture.path("docker28ctr-many.tar"), "-o", site])
        let blobs = try folder.snapshot("site/blobs/sha256").keys.sorted()
        let layers = try blobs.filter {
            try folder.read("site/blobs/sha256/\($0)").starts(with: [0x1F, 0x8B])
        }
        try folder.write("site/blobs/sha256/\(layers[0])", "other")
        try folder.remove("site/blobs/sha256/\(layers[1])")
        try folder.write("site/blobs/sha256/readme", "stray")
        try folder.write("site/v2/_catalog", "{}")
        let list = try JSON(parsing: Array(try run(["list", site, "--json"]).text.utf8))
        let digest = try #require(list["images"]?.array?.first?["digest"]?.string).dropFirst(7)
        try folder.remove("site/blobs/sha256/\(digest)")
        check("faults", try document("verify", site, "--json", status: 2))
    }

    @Test func tag() throws {
        _ = try run(["build", Fixture.path("docker20-many.tar"), "-o", site])
        check("tag", try document("tag", site, "zoo/hello:2", ":3", ":2", "new/a:1", "--json"))
        // When the image was replaced is the only value that depends on the clock.
        let time = try Regex(#""20[0-9-]+T[0-9:]+Z""#)
        check(
            "list-replaced",
            try document("list", site, "--json").replacing(time, with: #""TIME""#)
        )
    }

    @Test func removeAndPrune() throws {
        _ = try run(["build", Fixture.path("docker20-many.tar"), "-o", site])
        check("remove", try document("remove", site, "zoo/hello:2", "--json"))
        // Until when the image waits is the only value that depends on the clock.
        let waiting = try document("prune", site, "--json")
        let time = try Regex(#""20[0-9-]+T[0-9:]+Z""#)
        check("waiting", waiting.replacing(time, with: #""TIME""#))
        check("prune", try document("prune", site, "--now", "--json"))
    }

    @Test func export() throws {
        _ = try run(["build", Fixture.path("docker20-one.tar"), "-o", site])
        check(
            "export",
            try document("export", site, "zoo/hello:1", "-o", folder["x.tar"], "--json")
        )
    }

    @Test func clients() throws {
        _ = try run(["build", Fixture.path("docker20-one.tar"), "-o", site])
        check(
            "clients",
            try document("clients", site, "--host", "r.lan", "--http", "--client", "k3s", "--json")
        )
    }

    /// A tag that moves, one that is new, one that is removed, and volumes.
    @Test func bundle() throws {
        let home = folder["home"]
        let many = Fixture.path("docker28ctr-many.tar")
        let noise = TarBuilder.tar([.file("noise", Generator.noise(1_300_000))])
        let images = SyntheticImage(layers: [noise]).dockerArchive(["new:1", "zoo/hello:1"])
        let archive = try folder.write("new.tar", TarBuilder.tar(images))
        _ = try run(["build", many, "-o", site])
        _ = try run(["build", many, archive, "-o", home, "--replace"])
        let bundle = folder["t.bundle"]
        let words = [
            "bundle", "create", home, "new:1", "zoo/hello:1", "zoo/hello:2", "--have", site,
            "--remove", "zoo/hello:3",
        ]
        let create = words + ["--volume-size", "1.15M", "-o", bundle]
        check("bundle-create", try document(create + ["--json"]))
        check("bundle-list", try document(["bundle", "list", bundle, "--json"]))
        var damaged = try folder.read("t.bundle.002")
        damaged[damaged.count - 10_000] ^= 1
        try folder.write("damaged", damaged)
        let part = [folder["damaged"], site, "--json"]
        check("bundle-part", try document(["bundle", "apply"] + part, status: 2))
        let other = folder["other"]
        _ = try run(["build", Fixture.path("docker20-one.tar"), archive, "-o", other, "--replace"])
        let fit = ["bundle", "verify", folder["damaged"], other, "--json"]
        check("bundle-verify", try document(fit, status: 2))
        check("bundle-apply", try document(["bundle", "apply", bundle, site, "--json"]))
    }

    /// A command that fails prints one document, whatever the reason.
    @Test func failures() throws {
        let archive = Fixture.path("docker20-one.tar")
        let commands = [
            ["list", folder["none"]], ["verify", folder["none"]], ["prune", folder["none"]],
            ["tag", folder["none"], "a:1", ":2"], ["remove", folder["none"], "a:1"],
            ["export", folder["none"], "a:1", "-o", folder["x"]],
            ["clients", folder["none"]], ["tls", "--show", folder["none"]],
            ["build", archive, "-o", "/proc/none"], ["doctor", "http://127.0.0.1:1"],
            ["publish", folder["none"], folder["out"]],
            ["bundle", "create", folder["none"], "-o", folder["x"]],
            ["bundle", "list", archive], ["bundle", "verify", folder["none"]],
            ["bundle", "apply", archive, folder["none"]],
        ]
        for command in commands {
            let result = try run(command + ["--json"])
            #expect(result.status != 0, "\(command)")
            #expect(result.text.count { $0 == "\n" } == 1, "\(command): \(result.text)")
            let failure = try JSON(parsing: Array(result.text.utf8))["failure"]
            #expect(failure?["code"]?.integer == Int(result.status), "\(command)")
            #expect(failure?["message"]?.string?.isEmpty == false, "\(command)")
            #expect(result.errors.contains(failure?["message"]?.string ?? "-"), "\(command)")
        }
    }

    /// What a build refused before it failed is in the same document.
    @Test func aStrictBuild() throws {
        let broken = try folder.write("broken.tar", "no")
        check("failure", try document("build", "--json", "--strict", broken, "-o", site, status: 1))
    }
}
