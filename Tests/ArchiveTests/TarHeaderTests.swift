// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import TestSupport
import Testing

/// Headers that we write, read by libarchive.
@Suite struct TarHeaderTests {
    @Test(arguments: [0, 1, 511, 512, 513, 100_000]) func wholeFile(_ size: Int) throws {
        let content = [UInt8](repeating: 7, count: size)
        let padding = TarHeader.padding(after: size)
        let own = TarHeader(path: "blobs/a", size: size).bytes + content + padding + TarHeader.end
        #expect(own.count % TarHeader.blockSize == 0)
        let entries = try Listing.entries(own)
        #expect(entries.map(\.summary) == ["blobs/a file \(size)"])
        #expect(entries.map(\.content) == [content])
    }

    /// From 8 GiB on a size doesn't fit into the standard's field.
    @Test(arguments: [1 << 33 - 1, 1 << 33, 1 << 40]) func largeFile(_ size: Int) throws {
        let header = TarHeader(path: "blob", size: size).bytes
        let folder = try TemporaryFolder()
        let file = try InputFile(path: try folder.write("archive", header))
        let entry = try ArchiveReader(tar: file, blockSize: 512).nextEntry()
        guard case .file(size)? = entry?.member else {
            Issue.record("\(String(describing: entry))")
            return
        }
    }

    @Test func longestName() throws {
        let name = String(repeating: "n", count: 100)
        let entries = try Listing.entries(TarHeader(path: name, size: 0).bytes + TarHeader.end)
        #expect(entries.map(\.name) == [name])
    }
}
