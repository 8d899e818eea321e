// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A list of patterns with commas between them (`PATTERNS` of ssh_config(5)).
///
/// `*` stands for any bytes, `?` for one byte. A pattern after `!` excludes what it matches.
struct PatternList: Hashable, Sendable {
    /// The list as it stands in the file.
    let text: [UInt8]

    /// OpenSSH's limit for one pattern; a list with a longer one matches nothing.
    static let maximumPattern = 1022

    private var patterns: [ArraySlice<UInt8>] {
        text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    }

    private static let not = UInt8(ascii: "!")

    private var isUsable: Bool {
        patterns.allSatisfy { pattern in
            pattern.count - (pattern.first == Self.not ? 1 : 0) <= Self.maximumPattern
        }
    }

    /// The patterns that can match something, for messages; none if the list matches nothing.
    var names: [String] {
        guard isUsable else { return [] }
        return patterns.filter { !$0.isEmpty && $0.first != Self.not }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a pattern matches the text and none excludes it.
    func matches(_ text: [UInt8]) -> Bool {
        guard isUsable else { return false }
        var isMatched = false
        for pattern in patterns {
            let isExcluding = pattern.first == Self.not
            guard Self.match(text, isExcluding ? pattern.dropFirst() : pattern) else { continue }
            guard !isExcluding else { return false }
            isMatched = true
        }
        return isMatched
    }

    /// Matches one pattern, in a time that grows at most with the product of the lengths.
    private static func match(_ text: [UInt8], _ pattern: ArraySlice<UInt8>) -> Bool {
        let pattern = Array(pattern)
        var (position, next) = (0, 0)
        // The last star, and the place in the text after the bytes that it stands for.
        var star: (next: Int, position: Int)?
        while position < text.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                next += 1
                star = (next, position)
            } else if next < pattern.count,
                pattern[next] == UInt8(ascii: "?") || pattern[next] == text[position]
            {
                (position, next) = (position + 1, next + 1)
            } else if let last = star {
                star = (last.next, last.position + 1)
                (position, next) = (last.position + 1, last.next)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
