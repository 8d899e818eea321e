// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import TestSupport

// Changes of the members of the tar.
extension Attack {
    static let onMembers: [Attack] = [
        Attack("no bundle.json", .failure) { $0.members = $0.members.without("bundle.json") },
        Attack("no oci-layout", .damaged("oci-layout")) {
            $0.members = $0.members.without("oci-layout")
        },
        Attack("another oci-layout", .damaged("oci-layout")) {
            $0.set("oci-layout", [0x7B, 0x7D])
        },
        Attack("no index.json", .damaged("index.json")) {
            $0.members = $0.members.without("index.json")
        },
        Attack("no members", .failure) { $0.members = [] },
        Attack("a missing blob", .failure) { $0.members = $0.members.without(try $0.largest) },
        Attack("another file", .damaged("extra")) { $0.members.append(.file("extra", "x")) },
        Attack("another blob", .failure) {
            $0.members.append(.file(Digest(of: [1]).blobPath, [1]))
        },
        Attack("a name with dots", .failure) { $0.members.append(.file("../../tmp/x", "x")) },
        Attack("dots before a known name", .failure) {
            $0.members = $0.members.map { $0.with { $0.name = "a/../\($0.name)" } }
        },
        Attack("an absolute name", .failure) { $0.members.append(.file("/tmp/x", "x")) },
        Attack("an empty name", .failure) { $0.members.append(.file("", "x")) },
        Attack("a name that is no text", .failure) {
            $0.members.append(TarMember.file("x", "x").with { $0.rawEnd = [0xFF, 0xFE] })
        },
        Attack("a symbolic link", .damaged("link")) {
            $0.members.append(.symbolicLink("link", to: "/etc/passwd"))
        },
        Attack("a hard link", .damaged("link")) {
            $0.members.append(.hardLink("link", to: "bundle.json"))
        },
        Attack("a link in the place of a blob", .failure) {
            let name = try $0.largest
            $0.members = $0.members.without(name) + [.symbolicLink(name, to: "index.json")]
        },
        Attack("a folder", .damaged("blobs")) { $0.members.append(.folder("blobs")) },
        Attack("a device", .damaged("disk")) { $0.members.append(.blockDevice("disk")) },
        Attack("a pipe", .damaged("pipe")) { $0.members.append(.pipe("pipe")) },
        Attack("bundle.json twice", .damaged("bundle.json")) {
            $0.members.append(.file("bundle.json", try $0.content("bundle.json")))
        },
        Attack("a blob twice", .failure) {
            let name = try $0.largest
            $0.members.append(.file(name, try $0.content(name)))
        },
        Attack("a longer blob", .failure) {
            $0.set(try $0.largest, try $0.content($0.largest) + [0])
        },
        Attack("a shorter blob", .failure) {
            $0.set(try $0.largest, try $0.content($0.largest).dropLast())
        },
        Attack("an empty blob", .failure) { $0.set(try $0.largest, []) },
        Attack("a changed blob", .part) {
            var bytes = try $0.content($0.largest)
            bytes[0] ^= 1
            $0.set(try $0.largest, bytes)
        },
        Attack("a size beyond the end", .failure) {
            let last = $0.members.count - 1
            $0.members[last].claimedSize = 1 << 32
        },
        Attack("a size of exabytes", .failure) {
            let last = $0.members.count - 1
            $0.members[last].hasBinarySize = true
            $0.members[last].claimedSize = .max
        },
        Attack("a negative size", .failure) {
            let last = $0.members.count - 1
            $0.members[last].pax = [("size", "-1")]
        },
        Attack("a size that is no number", .failure) {
            let last = $0.members.count - 1
            $0.members[last].pax = [("size", "99999999999999999999")]
        },
        Attack("a sparse file", .failure) {
            $0.members[$0.members.count - 1].pax = [
                ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                ("GNU.sparse.realsize", "1000000000000"), ("GNU.sparse.name", "x"),
            ]
        },
    ]
}

// Changes of bundle.json as a whole.
extension Attack {
    private static let keys = [
        "index", "tags", "removed", "needs", "carries", "patches", "volumes",
    ]

    private static let otherValues: [(name: String, value: JSON?)] = [
        ("missing", nil), ("null", .null), ("a text", .string("x")), ("a number", .integer(1)),
        ("an object", .object([])), ("a list of null", .array([.null])),
        ("a list of lists", .array([.array([.array([])])])), ("true", .bool(true)),
    ]

    static let onDocument: [Attack] =
        keys.flatMap { key in
            otherValues.map { name, value in
                Attack("\(key) is \(name)", .damaged("\(key) in bundle.json")) {
                    try $0.set(key, to: value)
                }
            }
        }
        + otherValues.filter { $0.value != .integer(1) }
        .map { name, value in
            Attack("format is \(name)", .damaged("bundle.json")) { try $0.set("format", to: value) }
        } + [
            Attack("a newer format", .failure) { try $0.set("format", to: .integer(2)) },
            Attack("a negative format", .failure) { try $0.set("format", to: .integer(-1)) },
            Attack("an endless format", .damaged("bundle.json")) {
                try $0.set("format", to: .number("1e400"))
            },
            Attack("another digest of index.json", .failure) {
                try $0.set("index", to: .string("\(Digest(of: [1]))"))
            },
            Attack("no JSON", .damaged("bundle.json")) { $0.set("bundle.json", Array("{".utf8)) },
            Attack("nothing", .damaged("bundle.json")) { $0.set("bundle.json", []) },
            Attack("no text", .damaged("bundle.json")) { $0.set("bundle.json", [0xFF, 0xFE]) },
            Attack("deep lists", .damaged("bundle.json")) {
                $0.set("bundle.json", [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
            },
            Attack("too many bytes", .damaged("bundle.json")) {
                let blanks = [UInt8](repeating: 32, count: JSONLimits.list.bytes)
                $0.set("bundle.json", try $0.content("bundle.json") + blanks)
            },
            Attack("a key twice", .damaged("bundle.json")) {
                let text = String(decoding: try $0.content("bundle.json"), as: UTF8.self)
                $0.set("bundle.json", Array((text.dropLast() + #","tags":[]}"#).utf8))
            },
        ]
}
