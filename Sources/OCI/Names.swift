// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A repository's name in the API, such as `team/app`.
///
/// <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests>
package struct RepositoryName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String

    /// Parses a name; nil if the specification's grammar doesn't allow the text, or if the text is
    /// longer than 255 bytes.
    package init?(_ text: String) {
        let components = text.utf8.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard text.utf8.count <= 255, components.allSatisfy(Self.isComponent) else { return nil }
        description = text
    }

    package var components: [Substring] { description.split(separator: "/") }

    package static func < (left: RepositoryName, right: RepositoryName) -> Bool {
        // Bytewise, because the text is ASCII.
        left.description < right.description
    }

    /// Whether a text matches `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
    private static func isComponent(_ text: Substring.UTF8View) -> Bool {
        // The separator before the next byte, and its length. The initial value makes a separator
        // at the start of a component invalid.
        var (separator, length) = (UInt8(ascii: "."), 1)
        for byte in text {
            switch byte {
            case 48...57, 97...122: length = 0
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                guard length == 0 || byte == separator else { return false }
                (separator, length) = (byte, length + 1)
                guard
                    length == 1 || byte == UInt8(ascii: "-")
                        || byte == UInt8(ascii: "_") && length == 2
                else { return false }
            default: return false
            }
        }
        return length == 0
    }
}

/// A tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}` of the distribution specification.
package struct Tag: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String

    package init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first,
            text.utf8.allSatisfy(Self.isAllowed), first != UInt8(ascii: "."),
            first != UInt8(ascii: "-")
        else { return nil }
        description = text
    }

    package static let latest = Tag("latest")

    package static func < (left: Tag, right: Tag) -> Bool {
        // Bytewise, because the text is ASCII.
        left.description < right.description
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
