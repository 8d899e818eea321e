// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A repository's name in the API, such as `team/app`.
///
/// <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests>
package struct RepositoryName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String

    /// Nil if the specification's grammar doesn't allow the text or it is longer than 255 bytes.
    package init?(_ text: String) {
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= 255, components.allSatisfy(Self.isComponent) else { return nil }
        description = text
    }

    package var components: [Substring] { description.split(separator: "/") }

    package static func < (left: RepositoryName, right: RepositoryName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    /// Whether a text matches `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
    private static func isComponent(_ text: Substring) -> Bool {
        var separators: [UInt8] = [UInt8(ascii: ".")]  // A component can't begin with a separator.
        for byte in text.utf8 {
            switch byte {
            case 48...57, 97...122: separators = []
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                separators.append(byte)
                guard isSeparator(separators) else { return false }
            default: return false
            }
        }
        return separators.isEmpty
    }

    private static func isSeparator(_ run: [UInt8]) -> Bool {
        run.count == 1 || run.allSatisfy { $0 == UInt8(ascii: "-") }
            || run == [UInt8(ascii: "_"), UInt8(ascii: "_")]
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
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "._-".utf8.contains(byte)
        }
    }
}
