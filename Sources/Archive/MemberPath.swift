// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Streams

/// The normalized path of a member in an archive or folder: `a/b`, without `.` or `..`.
///
/// A name that isn't UTF-8 has the escapes of `FileName`.
package struct MemberPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil for a path that is empty, absolute, outside the root, or too long for any file system.
    package init?(_ text: String) {
        if text.isNormalPath {
            self.init(normal: text)
        } else {
            guard !text.isAbsolute else { return nil }
            self.init(components: text.pathComponents)
        }
    }

    private init(normal text: String) { description = text }

    private init?(components: [Substring]) {
        var kept: [Substring] = []
        for component in components where component != "." {
            guard component == ".." else {
                kept.append(component)
                continue
            }
            guard kept.popLast() != nil else { return nil }
        }
        let text = kept.joined(separator: "/")
        guard !kept.isEmpty, text.utf8.count <= Self.maximumLength, FileName.bytes(text) != nil
        else {
            return nil
        }
        description = text
    }

    package static let maximumLength = 4096

    package var components: [Substring] { description.pathComponents }

    /// Resolves the target of a symbolic link at this path; nil if it is outside the root.
    ///
    /// An absolute target starts at the archive's root, because engines resolve such targets the
    /// same way when they unpack the archive.
    package func following(symbolicLink target: String) -> MemberPath? {
        let parent = target.isAbsolute ? [] : components.dropLast()
        return MemberPath(components: parent + target.pathComponents)
    }

    /// Removes wrapping folders from the path; nil if the path isn't inside them.
    package func dropping(_ folders: [Substring]) -> MemberPath? {
        guard components.starts(with: folders) else { return nil }
        return MemberPath(components: Array(components.dropFirst(folders.count)))
    }

    /// Removes the slashes at the start of a member's name, as tar does when it reads an archive
    /// that `tar -P` wrote.
    package static func withoutRoot(_ text: String) -> String {
        String(Substring(text.utf8.drop { $0 == UInt8(ascii: "/") }))
    }

    /// Whether macOS added this file or folder to those of the user.
    package static func isLitter(_ name: some StringProtocol) -> Bool {
        name.hasPrefix("._") || name == ".DS_Store" || name == "__MACOSX"
    }

    /// Whether a path from an archive is absolute or contains `..`, so that it could leave the
    /// root.
    package static func leavesRoot(_ text: String) -> Bool {
        !text.isNormalPath && (text.isAbsolute || text.pathComponents.contains(".."))
    }
}

// Compare bytes, because the kernel treats a slash before a combining mark as a slash, but `String`
// treats the two as one character.
extension String {
    fileprivate var isAbsolute: Bool { utf8.first == UInt8(ascii: "/") }

    /// Whether the text is certainly a normalized path, because no component is empty or begins
    /// with a dot; this is true for nearly all texts.
    fileprivate var isNormalPath: Bool {
        var previous = UInt8(ascii: "/")
        for byte in utf8 {
            let isStart = previous == UInt8(ascii: "/")
            guard byte != 0, !isStart || byte != previous && byte != UInt8(ascii: ".") else {
                return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "/") && utf8.count <= MemberPath.maximumLength
    }

    fileprivate var pathComponents: [Substring] {
        utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }
}
