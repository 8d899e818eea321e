// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Store
import Testing
import TestSupport

@Suite struct LayerCacheTests {
    private let user: TemporaryFolder
    private let cache: LayerCache
    private let key = Digest(of: [1])
    private let answer = Digest(of: [2])

    init() throws {
        user = try TemporaryFolder()
        cache = LayerCache(user["cache/regstatic"])
    }

    @Test func keptRecordsAreFound() {
        let records = [
            LayerCacheEntry(.encoded(recipe: "gzip-1"), of: key, digest: answer, size: 5),
            LayerCacheEntry(.encoded(recipe: "gzip-2"), of: key, digest: key, size: 6),
            LayerCacheEntry(.decoded, of: answer, digest: key, size: .max),
            LayerCacheEntry(
                .encoded(recipe: "gzip-3"),
                of: key,
                digest: answer,
                size: 7,
                annotations: [
                    JSON.Member("org.example.a b", .string("c\n\"d")),
                    JSON.Member("e", .string("f")),
                ]
            ),
        ]
        cache.keep(records)
        for record in records { #expect(cache.record(record.topic, of: record.key) == record) }
        #expect(cache.record(.decoded, of: key) == nil)
        #expect(cache.record(.encoded(recipe: "zstd-3"), of: key) == nil)
    }

    @Test func theLastOneCounts() {
        for size in [5, 7] {
            cache.keep([LayerCacheEntry(.decoded, of: key, digest: answer, size: size)])
        }
        #expect(cache.record(.decoded, of: key)?.size == 7)
        cache.keep([])
    }

    /// A record is a hint: a damaged one is none.
    @Test(arguments: [
        "", "\n", "D", "D x\n", "D -1\n", "D 1 2\n", "D 1 {\n", "D 1 []\n", "sha256:ab 1\n",
        "D 1e3\n",
    ])
    func damagedRecordsAreNone(_ text: String) throws {
        cache.keep([LayerCacheEntry(.decoded, of: key, digest: answer, size: 5)])
        let text = text.split(separator: "D", omittingEmptySubsequences: false)
            .joined(separator: answer.description)
        try user.write("cache/regstatic/layers/decoded/\(key.hex)", text)
        #expect(cache.record(.decoded, of: key) == nil)
    }

    @Test func overlongRecordsAreNone() throws {
        try user.write(
            "cache/regstatic/layers/decoded/\(key.hex)",
            "\(answer) 5" + String(repeating: " ", count: 5000)
        )
        #expect(cache.record(.decoded, of: key) == nil)
    }

    /// Without a cache, layers are read again.
    @Test(arguments: [nil, "/dev/null/cache"])
    func withoutACache(_ path: String?) {
        let cache = LayerCache(path)
        cache.keep([LayerCacheEntry(.decoded, of: key, digest: answer, size: 5)])
        #expect(cache.record(.decoded, of: key) == nil)
    }
}
