// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The path of a member inside an archive or folder, normalised: `a/b`, no `.`, no `..`.
package struct MemberPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil for a path that is empty, absolute, leaves the root, or is beyond any file system.
    package init?(_ text: String) {
        guard !text.isAbsolute else { return nil }
        self.init(components: text.pathComponents)
    }

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
        guard !kept.isEmpty, text.utf8.count <= Self.maximumLength, !text.utf8.contains(0) else {
            return nil
        }
        description = text
    }

    package static let maximumLength = 4096

    package var components: [Substring] { description.pathComponents }

    /// Where a symbolic link at this path leads; nil outside the root.
    ///
    /// An absolute target counts from the archive's root, as in an engine that unpacked it.
    package func following(symbolicLink target: String) -> MemberPath? {
        let parent = target.isAbsolute ? [] : components.dropLast()
        return MemberPath(components: parent + target.pathComponents)
    }

    /// The path below a single wrapping folder; nil if this isn't inside it.
    package func dropping(folder: Substring) -> MemberPath? {
        guard components.first == folder else { return nil }
        return MemberPath(components: Array(components.dropFirst()))
    }

    /// Whether a text that an archive wrote tries to leave its root.
    package static func leavesRoot(_ text: String) -> Bool {
        text.isAbsolute || text.pathComponents.contains("..")
    }
}

// By bytes: a slash with a combining mark after it is a slash to the kernel, another character to
// `String`.
extension String {
    fileprivate var isAbsolute: Bool { utf8.first == UInt8(ascii: "/") }

    fileprivate var pathComponents: [Substring] {
        utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }
}
