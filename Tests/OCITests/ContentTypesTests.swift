// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

@Suite struct ContentTypesTests {
    /// A file with many equal and different texts, long enough for texts to share their memory.
    private let document: JSON = .object(
        (0..<2000)
            .map { number in
                let digest = Digest(of: Array("\(number / 3)".utf8))
                let path = "/v2/team/app\(number % 7)/manifests/v\(number)"
                return JSON.Member(
                    path,
                    .object([
                        "mediaType": .string(ManifestKind.ociManifest.mediaType.description),
                        "digest": .string("\(digest)"), "size": .integer(number),
                    ])
                )
            }
    )

    @Test func aMemberAtATimeIsTheWholeDocument() throws {
        let bytes = document.canonicalBytes
        var members: [JSON.Member] = []
        try JSON.readMembers(of: bytes, limits: .list) { members.append($0) }
        #expect(JSON.object(members) == document)
        #expect(try JSON(parsing: bytes, limits: .list) == document)
        let (tree, read) = (ContentTypes(document), try ContentTypes(parsing: bytes))
        #expect(read.names == tree.names)
        #expect(read.digests == tree.digests)
        #expect(read.names.count == 2000)
    }

    @Test(arguments: [" { } ", "{\"a\" : 1 , \"b\":[{}]}\n"])
    func readsMembers(_ text: String) throws {
        var members: [JSON.Member] = []
        try JSON.readMembers(of: Array(text.utf8), limits: .list) { members.append($0) }
        #expect(try JSON(parsing: Array(text.utf8)) == .object(members))
    }

    @Test(arguments: [
        "", "[]", "{", "{\"a\"", "{\"a\":1,}", "{\"a\":1]", "{}{}", "{a:1}", "{\"a\":[}",
    ])
    func refusesMembers(_ text: String) {
        #expect(throws: JSONError.self) {
            try JSON.readMembers(of: Array(text.utf8), limits: .list) { _ in }
        }
    }

    @Test func dropsOtherPaths() throws {
        let bytes = document.canonicalBytes
        let members = try #require(document.members)
        let paths = Set(members.map { $0.key.dropFirst() })
        #expect(ContentTypes.shortened(bytes, to: paths) == nil)
        #expect(ContentTypes.shortened(Array(bytes.dropLast()), to: []) == nil)
        let rest = paths.subtracting([members[0].key.dropFirst(), members[1999].key.dropFirst()])
        let expected = JSON.object(Array(members[1..<1999])).canonicalBytes
        #expect(ContentTypes.shortened(bytes, to: rest) == expected)
    }
}
