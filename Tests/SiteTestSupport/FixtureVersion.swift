// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import TestSupport

/// Versions of a fixture as a vendor's releases would be: the same producer, but each raw layer has a
/// larger file, in which a few bytes change from version to version.
///
/// Layers that the producer compressed are left alone.
package struct FixtureVersion {
    private var members: [TarMember]
    /// The new content of each old digest.
    private var renamed: [String: (digest: Digest, size: Int)] = [:]

    /// The archive of a version.
    package static func bytes(_ name: String, version: UInt8) throws -> [UInt8] {
        var fixture = FixtureVersion(members: try Fixture.members(name))
        fixture.changeLayers(version)
        while fixture.changeDocuments() {}
        return TarBuilder.tar(fixture.members)
    }

    private init(members: [TarMember]) { self.members = members }

    /// Whether an archive has raw layers, so that regstatic compresses them.
    package static func hasRawLayers(_ name: String) throws -> Bool {
        try Fixture.members(name).contains { isLayer($0.content) }
    }

    private static func isLayer(_ content: [UInt8]) -> Bool {
        content.count > 512 && content[257..<262].elementsEqual("ustar".utf8)
    }

    /// 40 kB that gzip makes half as large.
    private static func file(_ version: UInt8) -> TarMember {
        var content = Generator.noise(40_000).map { $0 & 15 }
        content.replaceSubrange(20_000..<20_004, with: [version, 1, 2, version])
        return .file("release", content)
    }

    private mutating func changeLayers(_ version: UInt8) {
        let addition = TarBuilder.tar([Self.file(version)])
        for number in members.indices where Self.isLayer(members[number].content) {
            let old = members[number].content
            let end = old.lastIndex { $0 != 0 }.map { ($0 / 512 + 1) * 512 } ?? 0
            replace(number, with: old[..<end] + addition)
        }
    }

    /// Writes the new digests and sizes into the documents.
    ///
    /// - Returns: whether any document changed, so that others may name its new digest.
    private mutating func changeDocuments() -> Bool {
        var isChanged = false
        for number in members.indices {
            let old = members[number].content
            if old.first == UInt8(ascii: "{") || old.first == UInt8(ascii: "["),
                let document = try? JSON(parsing: old)
            {
                let new = updated(document)
                if new != document {
                    replace(number, with: new.canonicalBytes)
                    isChanged = true
                }
            }
            members[number].name = updated(members[number].name)
            if case .symbolicLink(let target) = members[number].kind {
                members[number].kind = .symbolicLink(updated(target))
            }
        }
        return isChanged
    }

    private mutating func replace(_ number: Int, with content: [UInt8]) {
        renamed[Digest(of: members[number].content).hex] = (Digest(of: content), content.count)
        members[number].kind = .file(content)
    }

    private func updated(_ text: String) -> String {
        renamed.reduce(text) { $0.replacing($1.key, with: $1.value.digest.hex) }
    }

    private func updated(_ document: JSON) -> JSON {
        switch document {
        case .string(let text): return .string(updated(text))
        case .array(let values): return .array(values.map { updated($0) })
        case .object(let members):
            let digest = document["digest"]?.string.map { String($0.dropFirst("sha256:".count)) }
            let size = digest.flatMap { renamed[$0]?.size }
            return .object(
                members.map { member in
                    if member.key == "size", let size {
                        return JSON.Member("size", .integer(size))
                    }
                    return JSON.Member(updated(member.key), updated(member.value))
                }
            )
        case .null, .bool, .number: return document
        }
    }
}
