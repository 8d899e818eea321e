// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams
import Testing
import TestSupport

/// Cut and damaged streams: an error or the whole, never a hang, a crash or a wrong byte.
@Suite struct DamageTests {
    private static let content = Generator.text(20_000)
    private static let tar = TarBuilder.tar([
        .file("first", content),
        .file(String(repeating: "long/", count: 30) + "name", "x"), .file("last", "end"),
    ])

    /// At a header's start a cut can't be told from a tar without an end mark; elsewhere it can.
    @Test func cutTarsNeverGiveAWrongMember() throws {
        let whole = try Listing.entries(Self.tar)
        let steps = Array(stride(from: 0, to: Self.tar.count, by: 97))
        for length in steps + [511, 512, 513, 1023, 20_480, 20_992, 21_504] {
            let cut = Array(Self.tar.prefix(length))
            guard let entries = try? Listing.entries(cut) else { continue }
            #expect(entries.map(\.content) == whole.prefix(entries.count).map(\.content))
        }
    }

    @Test(arguments: [600, 5000, 20_000, 21_000])
    func cutsInsideAMemberAreTruncations(_ length: Int) {
        // In a header or in a member's bytes.
        #expect {
            try Listing.entries(Array(Self.tar.prefix(length)))
        } throws: { error in
            error as? StreamError == .truncated || error as? ArchiveError == .truncated
        }
    }

    @Test func anEmptyFileIsNoArchive() throws {
        #expect(throws: ArchiveError.notAnArchive) { try Listing.entries([]) }
    }

    @Test(arguments: ["xz", "bzip2", "lz4"].filter(Command.isInstalled))
    func cutStreamsEndEarly(_ tool: String) throws {
        let packed = try Command.run(tool, ["-c"], input: Self.tar).output
        for length in stride(from: 6, to: packed.count - 1, by: max(1, packed.count / 60)) {
            let cut = Array(packed.prefix(length))
            #expect(throws: StreamError.truncated, "\(length) of \(packed.count) bytes") {
                try Listing.contents(of: try Listing.decompressing(tool, Bytes(cut)), pieces: 4096)
            }
        }
    }

    @Test(arguments: ["xz", "bzip2", "lz4"].filter(Command.isInstalled))
    func damagedStreamsEnd(_ tool: String) throws {
        let packed = try Command.run(tool, ["-c"], input: Self.tar).output
        for position in stride(from: 0, to: packed.count, by: max(1, packed.count / 100)) {
            var damaged = packed
            damaged[position] ^= 0x55
            _ = try? Listing.contents(
                of: try Listing.decompressing(tool, Bytes(damaged)),
                pieces: 4096
            )
            _ = try? Listing.entries(damaged)
        }
    }

    @Test func damagedHeadersEnd() throws {
        for position in 0..<512 {
            var damaged = Self.tar
            damaged[position] ^= 0x55
            _ = try? Listing.entries(damaged)
        }
    }
}
