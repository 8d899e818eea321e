// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import TestSupport

/// The members of a bundle, to make another one of them.
struct ForgedBundle {
    var members: [TarMember]

    /// Reads a bundle that regstatic made.
    init(_ path: String) throws { members = TarMember.all(in: try Tree.contents(path)) }

    var bytes: [UInt8] { TarBuilder.tar(members) }

    /// The parsed bundle.json.
    var document: JSON {
        get throws { try JSON(parsing: content("bundle.json"), limits: .list) }
    }

    func content(_ name: String) throws -> [UInt8] {
        guard let bytes = members.content(name) else { throw Unexpected("no \(name)") }
        return bytes
    }

    mutating func set(_ name: String, _ bytes: [UInt8]) {
        members = members.changing(name) { _ in bytes }
    }

    /// Changes bundle.json.
    mutating func change(_ change: (JSON) throws -> JSON) throws {
        set("bundle.json", try change(document).canonicalBytes)
    }

    /// Changes one value of bundle.json.
    mutating func set(_ key: String, to value: JSON?) throws {
        try change { $0.setting(key, to: value) }
    }

    /// Changes the items of a list in bundle.json.
    mutating func change(_ key: String, _ change: ([JSON]) throws -> [JSON]) throws {
        try self.change { json in
            json.setting(key, to: .array(try change(json[key]?.array ?? [])))
        }
    }

    /// Replaces index.json, and its digest in bundle.json.
    mutating func setIndex(_ bytes: [UInt8]) throws {
        set(SiteIndex.path, bytes)
        try set("index", to: .string("\(Digest(of: bytes))"))
    }

    /// Replaces a text in index.json, and its digest in bundle.json.
    mutating func replaceInIndex(_ old: String, by new: String) throws {
        let text = String(decoding: try content(SiteIndex.path), as: UTF8.self)
        guard text.contains(old) else { throw Unexpected("no \(old) in \(text)") }
        try setIndex(Array(text.replacing(old, with: new).utf8))
    }

    /// The name of the largest blob, which is a layer.
    var largest: String {
        get throws {
            let blobs = members.filter { $0.name.hasPrefix("blobs/") }
            return blobs.max { ($0.fileContent?.count ?? 0) < ($1.fileContent?.count ?? 0) }?.name
                ?? ""
        }
    }
}

extension JSON {
    /// The same object with another value for a key, or without the key.
    func setting(_ key: String, to value: JSON?) -> JSON {
        let members = (members ?? [])
            .compactMap { member in
                guard member.key == key else { return member }
                return value.map { Member(key, $0) }
            }
        guard let value, self[key] == nil else { return .object(members) }
        return .object(members + [Member(key, value)])
    }

    /// The same list with another item.
    func setting(_ position: Int, to value: JSON) -> JSON {
        var items = array ?? []
        items[position] = value
        return .array(items)
    }
}
