// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import Site
import SiteTestSupport
import TestSupport
import Testing

/// What is odd about an input that goes in: a line for people, and an entry for programs.
@Suite struct InputWarningTests {
    private static let image = SyntheticImage.small
    private static let cases: [(tar: [UInt8], kind: String, text: String)] = [
        (TarBuilder.tar(image.dockerArchive(), endMark: false), "no-end-mark", "no end mark"),
        (TarBuilder.tar(image.dockerArchive(), appended: [7]), "tail", "bytes after the end"),
        (
            TarBuilder.tar(image.dockerArchive()) + TarBuilder.tar(image.dockerArchive(["b:1"])),
            "several-archives", "2 archives in a row"
        ),
    ]

    private static var layout: [TarMember] { image.layout().map { $0.wrapped(in: "zot/app") } }
    private static var registry: [TarMember] {
        var volume = SyntheticVolume()
        volume.push(image, "app", tag: "1")
        return volume.members
    }

    /// What is read of a folder with two kinds of images isn't a success, because images are lost.
    @Test func layoutsBesideARegistryInAFolder() throws {
        let site = try BuiltSite()
        for member in Self.registry + Self.layout {
            try site.folder.write("in/\(member.name)", member.fileContent ?? [])
        }
        let outcome = try site.build([site.folder["in"]])
        #expect(outcome.changes.count == 1)
        #expect(Self.unread(outcome) == [.layouts(["zot/app"])])
        let registry = try site.build([site.folder["in/registry"]])
        #expect(registry.errors.isEmpty)
        let both = try site.build([site.folder["in"], site.folder["in/zot"]])
        #expect(Self.unread(both) == [])
        for member in Self.image.layout() {
            try site.folder.write("in/\(member.name)", member.fileContent ?? [])
        }
        let layout = try site.build([site.folder["in"]])
        let parts: [UnreadPart] = [
            .registry("registry/docker/registry/v2"), .layouts(["zot/app"]),
        ]
        #expect(Self.unread(layout) == parts)
        #expect(try site.build([site.path]).errors.isEmpty)
    }

    /// Archives beside a layout or a registry's data are named, unless they are inputs, too.
    @Test(arguments: [registry, image.layout(), layout])
    func archivesBesideOtherImages(_ main: [TarMember]) throws {
        let site = try BuiltSite()
        for member in main { try site.folder.write("in/\(member.name)", member.fileContent ?? []) }
        let other = SyntheticImage(layers: [SyntheticImage.layer("f", "other")])
        let packed = Packed.gzip(TarBuilder.tar(other.dockerArchive(["b:1"])))
        try site.folder.write("in/more/b.tar.gz", packed)
        try site.folder.write("in/a.tar", TarBuilder.tar(other.dockerArchive(["a:1"])))
        try site.folder.write("in/notes.tar", TarBuilder.tar([.file("notes.txt", [1, 2])]))
        try site.folder.write("in/README.md", Array("text".utf8))
        let input = site.folder["in"]
        let outcome = try site.build([input])
        #expect(outcome.changes.count == 1)
        #expect(Self.unread(outcome) == [.archives(["a.tar", "more/b.tar.gz"])])
        let some = try site.build([input, "\(input)/a.tar"])
        #expect(Self.unread(some) == [.archives(["more/b.tar.gz"])])
        let all = try site.build([input, "\(input)/a.tar", "\(input)/more/b.tar.gz"])
        #expect(Self.unread(all) == [])
    }

    /// The paths include a wrapping folder, because the remedy unpacks the tar.
    @Test(arguments: ["", "stick/media/"], [false, true])
    func theRestOfAnArchiveIsNamed(_ wrapping: String, _ isCompressed: Bool) throws {
        let site = try BuiltSite()
        let saved = TarBuilder.tar(Self.image.dockerArchive(["b:1"]))
        let others: [TarMember] = [
            .file("a.oci", saved), .file("more/b.tar.gz", Packed.gzip(saved)),
            .file("notes.tar", TarBuilder.tar([.file("notes.txt", [1, 2])])),
            .file("README.md", "x"),
        ]
        let archives = UnreadPart.archives(["\(wrapping)a.oci", "\(wrapping)more/b.tar.gz"])
        let layouts = UnreadPart.layouts(["\(wrapping)zot/app"])
        let registry = UnreadPart.registry("\(wrapping)registry/docker/registry/v2")
        let cases: [(members: [TarMember], unread: [UnreadPart])] = [
            (Self.registry + Self.layout + others, [layouts, archives]),
            (Self.image.layout() + Self.registry + Self.layout, [registry, layouts]),
            (Self.layout + others, [archives]), (Self.image.dockerArchive() + others, [archives]),
        ]
        for (number, (members, unread)) in cases.enumerated() {
            let members = members.map { member in
                wrapping.isEmpty ? member : member.wrapped(in: String(wrapping.dropLast()))
            }
            let tar = TarBuilder.tar(members)
            let name = "\(number).tar"
            let input = try site.folder.write(name, isCompressed ? Packed.gzip(tar) : tar)
            let outcome = try site.build([input])
            #expect(!outcome.changes.isEmpty)
            #expect(Self.unread(outcome) == unread, "\(number)")
            for (_, skipped) in outcome.skipped {
                #expect(Set(skipped.files) == ["\(wrapping)notes.tar", "\(wrapping)README.md"])
            }
        }
    }

    /// A file that is an input itself isn't a skipped file.
    @Test func skippedFilesOfAFolder() throws {
        let site = try BuiltSite()
        for member in Self.layout {
            try site.folder.write("in/\(member.name)", member.fileContent ?? [])
        }
        let input = site.folder["in"]
        let archive = try site.folder.write("in/a.tar", TarBuilder.tar(Self.image.dockerArchive()))
        #expect(try site.build([input]).skipped.isEmpty)
        #expect(try site.build([input, archive]).skipped.isEmpty)
        try site.folder.write("in/README.md", "text")
        #expect(try site.build([input, archive]).skipped.map(\.1.files) == [["README.md"]])
    }

    private static func unread(_ outcome: SiteBuild.Outcome) -> [UnreadPart] {
        outcome.errors.compactMap { error in
            if case .unread(let part, _) = error.fault { part } else { nil }
        }
    }

    @Test(arguments: cases.indices) func isSaid(_ index: Int) throws {
        let (tar, kind, text) = Self.cases[index]
        let folder = try TemporaryFolder()
        let input = try folder.write("in.tar", tar)
        let plain = try Command.run(ProgramTests.binary, ["build", input, "-o", folder["a"]])
        #expect(plain.status == 0)
        #expect(plain.errors.contains("warning: \(input): "))
        #expect(plain.errors.contains(text), "\(plain.errors)")
        let json = try Command.run(
            ProgramTests.binary,
            ["build", input, "-o", folder["b"], "--json"]
        )
        let warnings = try JSON(parsing: Array(json.text.utf8))["warnings"]?.array
        #expect(warnings?.count == 1)
        #expect(warnings?.first?["input"]?.string == input)
        #expect(warnings?.first?["kind"]?.string == kind)
        #expect(warnings?.first?["message"]?.string?.contains(text) == true)
    }

    /// Several images of an input make one warning, whose remedy is for all of them.
    @Test func imagesWithoutNames() throws {
        let images = (0..<2).map { SyntheticImage(layers: [SyntheticImage.layer("f", "\($0)")]) }
        let folder = try TemporaryFolder()
        let entries = images.map { image in
            SyntheticImage.entry(
                config: "\(image.configDigest.hex).json",
                tags: nil,
                layers: image.diffIDs.map { "\($0.hex).tar" }
            )
        }
        let members = images.flatMap { $0.dockerArchive().without("manifest.json") }
        let tar = TarBuilder.tar(members + [SyntheticImage.list(entries)])
        let input = try folder.write("in.tar", tar)
        let plain = try Command.run(ProgramTests.binary, ["build", input, "-o", folder["a"]])
        let warnings = plain.errors.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("\(input): 2 images have no name") == true)
        let named = try Command.run(
            ProgramTests.binary,
            ["build", input, "--name", "app", "-o", folder["b"]]
        )
        #expect(named.text.contains("added app@sha256:"))
        #expect(!named.errors.contains("warning: "), "\(named.errors)")
    }
}
