// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import Foundation
package import TestSupport

/// Archives that real tools wrote: `Tests/Fixtures`.
package enum Fixture {
    /// The repository's folder, found from this file's own place.
    package static let repository = String(
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" }
    )

    package static func path(_ name: String) -> String { "\(repository)/Tests/Fixtures/\(name)" }

    package static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// The members of an archive, to make another one of them.
    package static func members(_ name: String) throws -> [TarMember] {
        TarMember.all(in: try bytes(name))
    }

    /// What `images.txt` says of each fixture: taken from the fixtures' own documents.
    package static let images: [String: [String]] = {
        let text = (try? bytes("images.txt")) ?? []
        var images: [String: [String]] = [:]
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            guard let bar = line.firstRange(of: " | ") else { continue }
            images[String(line[..<bar.lowerBound]), default: []]
                .append(String(line[bar.upperBound...]))
        }
        return images
    }()

    package static let names: [String] = images.keys.sorted()

    /// Those that are one file, not a folder.
    package static let archives: [String] = names.filter { $0.hasSuffix(".tar") }
}

extension TarMember {
    /// Reads the plain members of a tar; an independent reader, for what the fixtures consist of.
    package static func all(in tar: [UInt8]) -> [TarMember] {
        var members: [TarMember] = []
        var longName: String?
        var offset = 0
        while offset + 512 <= tar.count, tar[offset] != 0 {
            let header = Array(tar[offset..<offset + 512])
            let size = Int(text(header[124..<136]), radix: 8) ?? 0
            let content = Array(tar[offset + 512..<offset + 512 + size])
            if header[156] == UInt8(ascii: "L") {
                longName = text(content[...])
            } else if let member = member(header, content, longName) {
                members.append(member)
                longName = nil
            }
            offset += 512 + (size + 511) / 512 * 512
        }
        return members
    }

    /// A member; GNU tar writes a name of more than 100 bytes as a member before it.
    private static func member(
        _ header: [UInt8],
        _ content: [UInt8],
        _ longName: String?
    ) -> TarMember? {
        let prefix = text(header[345..<500])
        let name = longName ?? (prefix.isEmpty ? "" : prefix + "/") + text(header[0..<100])
        let target = text(header[157..<257])
        switch header[156] {
        case UInt8(ascii: "1"): return .hardLink(name, to: target)
        case UInt8(ascii: "2"): return .symbolicLink(name, to: target)
        case UInt8(ascii: "5"): return .folder(name)
        case UInt8(ascii: "0"), 0: return .file(name, content)
        default: return nil
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 && $0 != 32 }, as: UTF8.self)
    }
}

extension [TarMember] {
    /// The content of the file of that name.
    package func content(_ name: String) -> [UInt8]? {
        for member in self where member.name == name {
            if case .file(let bytes) = member.kind { return bytes }
        }
        return nil
    }

    /// The same members with one file's content changed.
    package func changing(_ name: String, _ change: ([UInt8]) -> [UInt8]) -> [TarMember] {
        map { member in
            guard member.name == name, case .file(let bytes) = member.kind else { return member }
            return member.with { $0.kind = .file(change(bytes)) }
        }
    }

    /// The same members without one.
    package func without(_ name: String) -> [TarMember] { filter { $0.name != name } }
}
