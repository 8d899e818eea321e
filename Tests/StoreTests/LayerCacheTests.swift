// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Store
import Testing
import TestSupport

@Suite struct LayerCacheTests {
    private let site: TemporaryFolder
    private let store: BlobStore
    private let key = Digest(of: [1])
    private let answer = Digest(of: [2])

    init() throws {
        site = try TemporaryFolder()
        store = BlobStore(try Folder(site.path, creating: false))
        try store.prepare()
    }

    @Test func whatIsKeptIsFound() throws {
        let records = [
            LayerCacheEntry(.encoded(recipe: "gzip-1"), of: key, digest: answer, size: 5),
            LayerCacheEntry(.encoded(recipe: "gzip-2"), of: key, digest: key, size: 6),
            LayerCacheEntry(.decoded, of: answer, digest: key, size: .max),
        ]
        try store.keep(records)
        for record in records {
            #expect(try store.record(record.topic, of: record.key) == record)
        }
        #expect(try store.record(.decoded, of: key) == nil)
        #expect(try store.record(.encoded(recipe: "zstd-3"), of: key) == nil)
    }

    @Test func theLastOneWins() throws {
        for size in [5, 7] {
            try store.keep([LayerCacheEntry(.decoded, of: key, digest: answer, size: size)])
        }
        #expect(try store.record(.decoded, of: key)?.size == 7)
        #expect(throws: Never.self) { try store.keep([]) }
    }

    /// A record is a hint: a damaged one is none.
    @Test(arguments: ["", "\n", "D", "D x\n", "D -1\n", "D 1 2\n", "sha256:ab 1\n", "D 1e3\n"])
    func damagedRecordsAreNone(_ text: String) throws {
        try store.keep([LayerCacheEntry(.decoded, of: key, digest: answer, size: 5)])
        let text = text.split(separator: "D", omittingEmptySubsequences: false)
            .joined(separator: answer.description)
        try site.write(".regstatic/layers/decoded/\(key.hex)", text)
        #expect(try store.record(.decoded, of: key) == nil)
    }

    @Test func overlongRecordsAreNone() throws {
        try site.write(
            ".regstatic/layers/decoded/\(key.hex)",
            "\(answer) 5" + String(repeating: " ", count: 300)
        )
        #expect(try store.record(.decoded, of: key) == nil)
    }
}
