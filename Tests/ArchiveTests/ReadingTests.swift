// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams
import Testing
import TestSupport

@Suite struct ReadingTests {
    private let members: [TarMember] = [
        .folder("d/"), .file("d/a", "alpha"), .file("empty", ""),
        .symbolicLink("soft", to: "d/a"), .hardLink("hard", to: "d/a"),
        .characterDevice("null"), .blockDevice("disk"), .pipe("pipe"),
        .file("block", Generator.noise(512)), .file("big", Generator.noise(300_000)),
    ]

    @Test func kindsAndContents() throws {
        let entries = try Listing.entries(TarBuilder.tar(members))
        #expect(
            entries.map(\.summary) == [
                "d/ folder", "d/a file 5", "empty file 0", "soft -> d/a", "hard = d/a",
                "null special", "disk special", "pipe special", "block file 512", "big file 300000",
            ]
        )
        #expect(entries[1].content == Array("alpha".utf8))
        #expect(entries[9].content == Generator.noise(300_000))
    }

    /// A later read takes a member at its offset: it must be that of the data.
    @Test(arguments: [TarBuilder.LongNames.gnu, .pax])
    func positionsAreThoseOfTheData(_ longNames: TarBuilder.LongNames) throws {
        var builder = TarBuilder(longNames: longNames)
        let long = String(repeating: "long-name/", count: 30) + "end"
        let all =
            members + [
                .file(long, "x"), .symbolicLink("l", to: long), .file("last", Generator.noise(777)),
                .file("pax", "y").with { $0.pax = [("comment", "a"), ("mtime", "1.5")] },
                .file("binary", "z").with { $0.hasBinarySize = true },
            ]
        let offsets = all.map { builder.add($0) }
        builder.addEndMark()
        let entries = try Listing.entries(builder.bytes, skippingContent: true)
        #expect(entries.map(\.position) == offsets)
        #expect(entries.map(\.name) == all.map(\.name))
        for (entry, offset) in zip(entries, offsets) {
            guard case .file(let size) = entry.kind else { continue }
            let content = Array(builder.bytes[offset..<offset + size])
            #expect(content == all.first { $0.name == entry.name }.map(Listing.content))
        }
    }

    @Test(arguments: [TarBuilder.LongNames.gnu, .pax])
    func longNamesAndTargets(_ longNames: TarBuilder.LongNames) throws {
        let name = String(repeating: "n", count: 101)
        let target = String(repeating: "t/", count: 200) + "x"
        let tar = TarBuilder.tar(
            [.symbolicLink(name, to: target), .hardLink("short", to: name)],
            longNames: longNames
        )
        #expect(
            try Listing.entries(tar).map(\.summary) == ["\(name) -> \(target)", "short = \(name)"]
        )
    }

    @Test(arguments: ["é", "名前/ファイル", "with space", "a\\b", "-rf", "x\ny"])
    func namesArriveAsTheyAre(_ name: String) throws {
        #expect(try Listing.entries(TarBuilder.tar([.file(name, "x")])).map(\.name) == [name])
        let pax = TarBuilder.tar([.file("y", "x").with { $0.pax = [("path", name)] }])
        #expect(try Listing.entries(pax).map(\.name) == [name])
    }

    @Test func anEmptyTarHasNoMembers() throws {
        #expect(try Listing.entries(TarBuilder.tar([])).isEmpty)
    }

    /// bsdtar and old dockers leave the end mark out when a pipe is closed early.
    @Test func theEndMarkMayBeAbsent() throws {
        let entries = try Listing.entries(TarBuilder.tar([.file("a", "x")], endMark: false))
        #expect(entries.map(\.summary) == ["a file 1"])
    }

    @Test func whatFollowsTheEndMarkIsIgnored() throws {
        let tar = TarBuilder.tar([.file("a", "x")], appended: Generator.noise(5000))
        #expect(try Listing.entries(tar).map(\.summary) == ["a file 1"])
    }

    @Test func ancientFieldsAreRead() throws {
        let member = TarMember.file("a", "x")
            .with {
                $0.mode = 0o4755
                $0.modified = 2_000_000_000
                $0.owner = 65534
            }
        #expect(try Listing.entries(TarBuilder.tar([member])).map(\.summary) == ["a file 1"])
    }

    @Test func sparseFilesAreRefused() throws {
        let sparse = TarMember.file("s", "0123456789")
            .with {
                $0.pax = [
                    ("GNU.sparse.size", "100000"), ("GNU.sparse.numblocks", "1"),
                    ("GNU.sparse.map", "50,10"),
                ]
            }
        #expect(throws: ArchiveError.unsupported(member: "s", kind: "sparse file")) {
            try Listing.entries(TarBuilder.tar([sparse]))
        }
    }

    @Test func sizesBeyondAnyDiskAreRefused() {
        let huge = TarMember.file("a", "x")
            .with {
                $0.claimedSize = 1 << 60
                $0.hasBinarySize = true
            }
        #expect(throws: ArchiveError.self) { try Listing.entries(TarBuilder.tar([huge])) }
    }
}
