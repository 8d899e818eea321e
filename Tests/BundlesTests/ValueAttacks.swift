// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import TestSupport

// Changes of single values of bundle.json.
extension Attack {
    private static let digest = JSON.string("\(Digest(of: [1]))")

    /// Numbers that are no size.
    private static let sizes: [JSON] = [
        .integer(-1), .integer((1 << 50) + 1), .integer(Int.max), .number("1e30"), .number("1.5"),
        .number("99999999999999999999"), .string("1"), .null, .array([]), .bool(true),
    ]
    private static let digests: [JSON] = [
        .string(""), .string("sha256:"), .string("sha256:" + String(repeating: "g", count: 64)),
        .string("sha256:../../../etc/passwd"), .string("md5:" + String(repeating: "0", count: 32)),
        .integer(1), .null, .array([]),
    ]

    private static let names: [JSON] = [
        .string("../x:1"), .string(""), .string("app"), .string("App:1"), .null, .integer(1),
    ]

    static let onValues: [Attack] = onTags + onNeeds + onCarries + onVolumes

    private static let onTags: [Attack] =
        digests.map { value in
            Attack("a tag of \(value)", .damaged("tags in bundle.json")) {
                try $0.change("tags") { [$0[0].setting("digest", to: value)] + $0.dropFirst() }
            }
        }
        + digests.map { value in
            Attack("a tag from \(value)", .damaged("tags in bundle.json")) {
                try $0.change("tags") { [$0[0].setting("previous", to: value)] + $0.dropFirst() }
            }
        }
        + names.map { value in
            Attack("a tag named \(value)", .damaged("tags in bundle.json")) {
                try $0.change("tags") { [$0[0].setting("name", to: value)] + $0.dropFirst() }
            }
        } + [
            Attack("no tags", .damaged("tags in bundle.json")) {
                try $0.change("tags") { _ in [] }
            },
            Attack("a tag twice", .damaged("tags in bundle.json")) {
                try $0.change("tags") { $0 + $0 }
            },
            Attack("tags in another order", .damaged("tags in bundle.json")) {
                try $0.change("tags") { $0.reversed() }
            },
            Attack("a tag more", .damaged("tags in bundle.json")) {
                try $0.change("tags") { $0 + [$0[0].setting("name", to: .string("zzz:1"))] }
            },
            Attack("a tag of another image", .damaged("tags in bundle.json")) {
                try $0.change("tags") { [$0[0].setting("digest", to: digest)] + $0.dropFirst() }
            },
            Attack("a tag from another image", .conflicts) {
                try $0.change("tags") { [$0[0].setting("previous", to: digest)] + $0.dropFirst() }
            },
            Attack("a tag that must not be there", .conflicts) {
                try $0.change("tags") { [$0[0].setting("previous", to: nil)] + $0.dropFirst() }
            },
            Attack("a removed tag of the bundle", .damaged("removed in bundle.json")) {
                let tags = try $0.document["tags"]
                try $0.set("removed", to: tags)
            },
        ]

    private static let onNeeds: [Attack] =
        sizes.map { value in
            Attack("a need of \(value)", .damaged("needs in bundle.json")) {
                try $0.change("needs") { [$0[0].setting(1, to: value)] }
            }
        }
        + digests.map { value in
            Attack("a need named \(value)", .damaged("needs in bundle.json")) {
                try $0.change("needs") { [$0[0].setting(0, to: value)] }
            }
        } + [
            Attack("a need twice", .damaged("content in bundle.json")) {
                try $0.change("needs") { $0 + $0 }
            },
            Attack("a need more", .missing) {
                try $0.change("needs") { $0 + [.array([digest, .integer(1), .string("layer")])] }
            },
            Attack("a need of another size", .missing) {
                try $0.change("needs") { [$0[0].setting(1, to: .integer(7))] }
            },
            Attack("no needs", .incomplete) { try $0.change("needs") { _ in [] } },
            Attack("sizes whose sum is too large", .damaged("sizes in bundle.json")) {
                try $0.change("needs") { needs in
                    needs
                        + (0..<9000)
                        .map { number in
                            let digest = Digest(of: Array("\(number)".utf8))
                            return .array([.string("\(digest)"), .integer(1 << 50), .string("x")])
                        }
                }
            },
        ]

    private static let onCarries: [Attack] =
        sizes.map { value in
            Attack("content of \(value)", .damaged("carries in bundle.json")) {
                try $0.change("carries") { [$0[0].setting(1, to: value)] + $0.dropFirst() }
            }
        } + [
            Attack("content twice", .damaged("content in bundle.json")) {
                try $0.change("carries") { $0 + [$0[0]] }
            },
            Attack("content that is required, too", .damaged("content in bundle.json")) {
                let needs = try $0.document["needs"]?.array ?? []
                try $0.change("carries") { $0 + [.array(Array(needs[0].array?.prefix(2) ?? []))] }
            },
            Attack("content of another size", .failure) {
                try $0.change("carries") {
                    $0.dropLast() + [$0[$0.count - 1].setting(1, to: .integer(7))]
                }
            },
            Attack("content that isn't listed", .failure) {
                try $0.change("carries") { $0.dropLast() }
            },
            Attack("an omitted layer", .incomplete) {
                let name = try $0.largest
                $0.members = $0.members.without(name)
                try $0.change("carries") { $0.dropLast() }
            },
            Attack("an omitted manifest", .incomplete) { try $0.omitManifest() },
            Attack("content without a use", .damaged("carries in bundle.json")) {
                $0.members.append(.file(Digest(of: [1]).blobPath, [1]))
                try $0.change("carries") { $0 + [.array([digest, .integer(1)])] }
            },
        ]

    private static let onVolumes: [Attack] = [
        Attack("a volume without parts", .damaged("volumes in bundle.json")) {
            try $0.set("volumes", to: .array([.array([])]))
        },
        Attack("too many volumes", .damaged("volumes in bundle.json")) {
            try $0.set("volumes", to: .array([JSON](repeating: .array([]), count: 1000)))
        },
    ]
}

// Changes of index.json and of content, with the digests that follow from them.
extension Attack {
    static let onIndex: [Attack] = [
        Attack("no JSON", .damaged("index.json")) { try $0.setIndex([1, 2, 3]) },
        Attack("no images", .damaged("tags in bundle.json")) { try $0.setIndex(SiteIndex().bytes) },
        Attack("index.json of another program", .damaged("index.json")) {
            try $0.replaceInIndex("regstatic.site", by: "other.site")
        },
        Attack("another name", .damaged("tags in bundle.json")) {
            try $0.replaceInIndex("app:2", by: "app:3")
        },
        Attack("another layout", .damaged("index.json")) {
            try $0.replaceInIndex(
                #""regstatic.site":"1""#,
                by: #""regstatic.site":"1","regstatic.layout":"x""#
            )
        },
        Attack("another size of a manifest", .failure) {
            try $0.replaceInIndex(#""size":"#, by: #""size":1"#)
        },
        Attack("another type of a manifest", .failure) {
            try $0.replaceInIndex("image.manifest.v1", by: "image.index.v1")
        },
        Attack("another digest", .damaged("tags in bundle.json")) {
            let tags = try $0.document["tags"]?.array
            let digest = tags?[0]["digest"]?.string ?? "-"
            try $0.replaceInIndex(digest, by: "\(Digest(of: [1]))")
        },
    ]

    static let onContent: [Attack] = [
        Attack("a manifest that is no JSON", .failure) { try $0.changeManifest { _ in "x" } },
        Attack("an empty manifest", .failure) { try $0.changeManifest { _ in "{}" } },
        Attack("a deep manifest", .failure) {
            try $0.changeManifest { _ in String(repeating: "[", count: 100_000) }
        },
        Attack("a manifest with other layers", .incomplete) {
            try $0.changeManifest { text in
                let layers = text.split(separator: "\"layers\":")[1]
                let digest = layers.split(separator: "sha256:")[1].prefix(64)
                return text.replacing(digest, with: Digest(of: [1]).hex)
            }
        },
        Attack("a manifest with other sizes", .incomplete) {
            try $0.changeManifest { $0.replacing(#""size":"#, with: #""size":1"#) }
        },
        Attack("too many repositories", .naming) { try $0.multiplyNames() },
    ]
}

extension ForgedBundle {
    private func manifest() throws -> String {
        try document["tags"]?.array?[0]["digest"]?.string ?? ""
    }

    /// Removes the manifest of all tags from the lists and the members.
    fileprivate mutating func omitManifest() throws {
        let digest = try manifest()
        members = members.without("blobs/sha256/\(digest.dropFirst(7))")
        try change("carries") { $0.filter { $0.array?[0] != .string(digest) } }
    }

    /// Changes the manifest of all tags, and everything that follows from its digest.
    fileprivate mutating func changeManifest(_ change: (String) throws -> String) throws {
        let old = try manifest()
        let name = "blobs/sha256/\(old.dropFirst(7))"
        let bytes = try content(name)
        let text = try change(String(decoding: bytes, as: UTF8.self))
        let new = Digest(of: Array(text.utf8))
        members = members.map { member in
            guard member.name == name else { return member }
            return .file(new.blobPath, text)
        }
        let (size, newSize) = (bytes.count, text.utf8.count)
        let index = String(decoding: try content(SiteIndex.path), as: UTF8.self)
            .replacing("\"size\":\(size)", with: "\"size\":\(newSize)")
            .replacing(old, with: "\(new)")
        try setIndex(Array(index.utf8))
        let document = String(decoding: try content("bundle.json"), as: UTF8.self)
            .replacing("\"\(old)\",\(size)", with: "\"\(new)\",\(newSize)")
            .replacing(old, with: "\(new)")
        set("bundle.json", Array(document.utf8))
    }

    /// Gives the image more names than a site may have.
    fileprivate mutating func multiplyNames() throws {
        let index = try SiteIndex(parsing: content(SiteIndex.path))
        guard let entry = index.entries.first, let tag = entry.tag else {
            throw Unexpected("no tag")
        }
        var many = index.emptied
        for number in 0...SiteIndex.maximumRepositories {
            guard let name = RepositoryName("r\(number)") else { continue }
            many.set(name, tag, entry.manifest)
        }
        try setIndex(many.bytes)
        try change("tags") { _ in
            many.entries.map { entry in
                .object([
                    "name": .string(entry.name), "digest": .string("\(entry.manifest.digest)"),
                ])
            }
        }
    }
}
