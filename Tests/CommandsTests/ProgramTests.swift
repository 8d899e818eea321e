// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Store
import TestSupport
import Testing

/// The program itself, as a user runs it.
@Suite struct ProgramTests {
    /// Beside the test's own binary.
    static let binary: String = {
        // The runner, the test bundle that it was told to load, or the bundle itself.
        let files = CommandLine.arguments + [Bundle.main.executablePath ?? ""]
        let named = files.filter { $0.hasPrefix("/") }
            .map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.startIndex)) }
        let candidates =
            named.map { "\($0)/regstatic" } + ["\(Fixture.repository)/.build/debug/regstatic"]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "regstatic"
    }()

    private func run(_ arguments: String..., input: [UInt8] = []) throws -> Command.Result {
        try Command.run(Self.binary, arguments, input: input)
    }

    private func json(_ result: Command.Result) throws -> JSON {
        let text = try #require(result.text.hasSuffix("\n") ? result.text.dropLast() : nil)
        #expect(!text.contains("\n"))
        return try JSON(parsing: Array(text.utf8))
    }

    let folder: TemporaryFolder
    var site: String { folder["site"] }

    init() throws { folder = try TemporaryFolder() }

    @Test func build() throws {
        let result = try run("build", Fixture.path("docker28ctr-many.tar"), "-o", site)
        #expect(result.status == 0)
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(
            lines.allSatisfy {
                $0.hasPrefix("added ") && $0.contains(" linux/amd64 digest preserved from ")
            }
        )
        #expect(result.errors.contains("6 added; \(site) holds 6 tags in 4 repositories"))
        #expect(result.errors.contains("regstatic serve \(site)"))
        #expect(!result.errors.contains("\u{1B}"), "no colours in a file")
        #expect(try BuiltSite.report(site).faults == [])
    }

    @Test func standardInput() throws {
        let bytes = try Fixture.bytes("docker20-one.tar")
        let result = try run("build", "-", "-o", site, input: bytes)
        #expect(result.status == 0)
        #expect(result.text.hasPrefix("added zoo/hello:1 sha256:"))
        let broken = try run("build", "-", "-o", site, input: Array(bytes.prefix(5000)))
        #expect(broken.status == 1)
        #expect(broken.errors.contains("error: standard input: the file ends early"))
    }

    @Test func json() throws {
        let path = Fixture.path("docker28ctr-sparse.tar")
        let broken = try folder.write("broken.tar", "no")
        let result = try run("build", "--json", path, broken, "-o", site)
        #expect(result.status == 1)
        let document = try json(result)
        let image = try #require(document["images"]?.array?.first)
        #expect(document["images"]?.array?.count == 1)
        #expect(image["name"]?.string == "zoo/multi:2")
        #expect(image["repository"]?.string == "zoo/multi")
        #expect(image["tag"]?.string == "2")
        #expect(image["change"]?.string == "added")
        #expect(image["digestOrigin"] == .string("preserved"))
        #expect(image["missing"]?.array?.count == 2)
        #expect(image["inputs"]?.array == [.string(path)])
        #expect(image["platforms"]?.array == [.string("linux/amd64"), .string("linux/arm64")])
        let error = try #require(document["errors"]?.array?.first)
        #expect(error["input"]?.string == broken)
        #expect(error["message"]?.string?.contains("not an archive") == true)
        #expect(error["remedy"]?.string?.isEmpty == false)
        #expect(document["before"]?["tags"]?.integer == 0)
        #expect(document["after"]?["tags"]?.integer == 1)
    }

    @Test func list() throws {
        _ = try run("build", Fixture.path("docker28ctr-many.tar"), "-o", site)
        let table = try run("list", site)
        #expect(table.status == 0)
        let lines = table.text.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines.first?.hasPrefix("REPOSITORY  ") == true)
        let document = try json(try run("list", site, "--json"))
        let images = try #require(document["images"]?.array)
        #expect(
            images.map { "\($0["repository"]?.string ?? ""):\($0["tag"]?.string ?? "")" } == [
                "acme/tool:1.0.html", "nginx:alpine", "team/app:1.0", "zoo/hello:1", "zoo/hello:2",
                "zoo/hello:3",
            ]
        )
    }

    @Test func verify() throws {
        _ = try run("build", Fixture.path("docker28ctr-one.tar"), "-o", site)
        let good = try run("verify", site)
        #expect(good.status == 0)
        #expect(good.text.isEmpty)
        #expect(good.errors.contains("\(site) is whole: 3 blobs"))
        try folder.write("site/v2/_catalog", "{}")
        let bad = try run("verify", site)
        #expect(bad.status == 2)
        #expect(bad.text == "fault: v2/_catalog: changed\n")
        let document = try json(try run("verify", site, "--json"))
        #expect(document["ok"] == .bool(false))
        #expect(document["blobs"]?.integer == 3)
        #expect(document["faults"]?.array?.count == 1)
        #expect(document["unreferenced"]?.array == [])
    }

    @Test func quiet() throws {
        let built = try run("build", "-q", Fixture.path("docker28ctr-one.tar"), "-o", site)
        let verified = try run("verify", "--quiet", site)
        for result in [built, verified] {
            #expect(result.status == 0)
            #expect(result.text.isEmpty)
            #expect(result.errors.isEmpty)
        }
        let broken = try folder.write("broken.tar", "no")
        let failed = try run("build", "-q", broken, "-o", site)
        #expect(failed.status == 1)
        #expect(failed.text.isEmpty)
        #expect(failed.errors.hasPrefix("error: \(broken): "))
    }

    /// Half a document must not look like a whole one.
    @Test(arguments: [["list"], ["list", "--json"], ["verify", "--json"]])
    func fullOutput(_ command: [String]) throws {
        _ = try run("build", Fixture.path("docker20-one.tar"), "-o", site)
        let words = ([Self.binary] + command + [site]).joined(separator: " ")
        for redirection in ["> /dev/full", ">&-"] {
            let result = try Command.run("/bin/sh", ["-c", "\(words) \(redirection)"])
            #expect(result.status == 4, "\(redirection)")
            #expect(result.errors.contains("standard output"))
        }
    }

    /// Without a standard input, its number must not lead to the site itself.
    @Test func closedInput() throws {
        let words = "\(Self.binary) build - -o \(site) <&-"
        #expect(try Command.run("/bin/sh", ["-c", words]).status == 1)
        #expect(try run("build", Fixture.path("docker20-one.tar"), "-o", site).status == 0)
        #expect(try Command.run("/bin/sh", ["-c", words]).status == 1)
    }

    @Test func namesThatChangeATerminal() throws {
        _ = try run("build", Fixture.path("docker20-one.tar"), "-o", site)
        let name = "\u{1B}[2J\u{9B}\u{202E}\nwhole"
        try folder.write("site/v2/\(name)", "x")
        let text = try run("verify", site).text
        #expect(text.filter(\.isNewline).count == 1)
        #expect(!text.unicodeScalars.contains { [0x1B, 0x9B, 0x202E].contains($0.value) })
        let json = try run("verify", "--json", site).text
        #expect(!json.unicodeScalars.contains { [0x1B, 0x9B, 0x202E].contains($0.value) })
        #expect(
            try JSON(parsing: Array(json.utf8))["faults"]?.array?[0]["path"]?.string == "v2/\(name)"
        )
    }

    private func whileWriting(_ site: String, _ body: () throws -> Void) throws {
        let held = try SiteFolder.forWriting(site)
        try body()
        withExtendedLifetime(held) {}
    }

    @Test func locked() throws {
        _ = try run("build", Fixture.path("docker28ctr-one.tar"), "-o", site)
        try whileWriting(site) {
            let result = try run("build", Fixture.path("docker20-one.tar"), "-o", site)
            #expect(result.status == 3)
            #expect(result.errors.contains("process \(getpid()) on "))
            // A site that changes meanwhile would look damaged.
            #expect(try run("verify", site).status == 3)
            #expect(try run("export", site, "zoo/hello:1", "-o", folder["x.tar"]).status == 3)
        }
        #expect(try run("verify", site).status == 0)
    }

    @Test func outputThatCannotBe() throws {
        try folder.write("site/letter.txt", "dear")
        let input = Fixture.path("docker28ctr-one.tar")
        #expect(try run("build", input, "-o", site).status == 4)
        #expect(try run("list", site).status == 4)
        #expect(try run("verify", folder["none"]).status == 4)
        #expect(try run("build", input, "-o", folder["site/letter.txt/x"]).status == 4)
    }

    @Test func wrongUsage() throws {
        #expect(try run("build", "-o", site).status == 64)
        for (words, text) in [
            (["nothing"], "unknown command 'nothing'\n  `regstatic --help`"),
            (["bild", "x.tar", "-o", site], "unknown command 'bild'\n  Did you mean 'build'?"),
            (["build", "x", "-o", site, "--platform", "arm64"], "such as linux/arm64; 'arm64' is"),
            (["build", "x", "-o", site, "--platform", "a b,"], "such as linux/amd64; 'a b' is"),
        ] {
            let result = try Command.run(ProgramTests.binary, words)
            #expect(result.status == 64)
            #expect(result.errors.contains(text), "\(result.errors)")
        }
        #expect(!folder.exists("site"))
    }

    @Test func conflict() throws {
        let inputs = ["docker20-one.tar", "docker28-one.tar"].map(Fixture.path)
        let result = try run("build", inputs[0], inputs[1], "-o", site)
        #expect(result.status == 1)
        #expect(result.errors.contains("\(inputs[0]); \(inputs[1])"))
        #expect(result.errors.contains("--replace"))
        #expect(try run("build", inputs[0], inputs[1], "-o", site, "--replace").status == 0)
    }

    @Test func version() throws {
        let result = try run("--version")
        #expect(result.status == 0)
        #expect(!result.text.isEmpty)
        let verbose = try run("--version", "--verbose")
        #expect(verbose.text.hasPrefix(result.text))
        #expect(verbose.text.contains("ldd \"$(command -v regstatic)\""))
        let alone = try run("--verbose")
        #expect(alone.status == 64)
        #expect(alone.errors.contains("--verbose is only for --version"))
    }

    /// A site is served by another user than the one who builds it.
    @Test(arguments: ["077", "000", "022"]) func umask(_ mask: String) throws {
        let input = Fixture.path("docker28ctr-one.tar")
        let command = "umask \(mask) && exec '\(Self.binary)' build -q '\(input)' -o '\(site)'"
        #expect(try Command.run("sh", ["-c", command]).status == 0)
        _ = try run("build", "-q", input, "-o", folder["normal"])
        let found = try folder.snapshot("site")
        let different = Tree.differences(try folder.snapshot("normal"), found)
        #expect(different.filter { $0 != ".regstatic/lock" } == [])
        let top = try folder.snapshot()
        #expect(different == [])
        #expect(top["site"] == .folder(mode: 0o755))
    }

    /// Names in archives are UTF-8 whatever the user's language.
    @Test func locale() throws {
        let image = SyntheticImage(layers: [SyntheticImage.layer("ü", "1")])
        let name = "\(image.diffIDs[0].hex).tar"
        let members =
            image.dockerArchive()
            .map { member in member.name == name ? member.with { $0.name = "größe/ü.tar" } : member
            }
            .without("manifest.json") + [
                SyntheticImage.list([
                    SyntheticImage.entry(
                        config: "\(image.configDigest.hex).json",
                        tags: ["app:1"],
                        layers: ["größe/ü.tar"]
                    )
                ])
            ]
        let path = try folder.write("a.tar", TarBuilder.tar(members))
        for language in ["C", "POSIX", "de_DE.ISO-8859-1"] {
            let result = try Command.run(
                Self.binary,
                ["build", path, "-o", folder["site-\(language)"]],
                environment: ["LC_ALL": language]
            )
            #expect(result.status == 0, "\(result.errors)")
        }
    }
}

extension BuiltSite {
    fileprivate static func report(_ path: String) throws -> SiteVerifier.Report {
        try SiteVerifier.run(
            try SiteFolder.forReading(path),
            threads: 1,
            progress: NoProgress()
        )
    }
}
