// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

@testable import Signatures

/// Signatures and lists of signers from outside.
enum SignatureTarget {
    /// No signature is accepted for two messages, and libcrypto takes whatever keys were parsed.
    static func runSignature(_ bytes: [UInt8]) {
        guard let signature = try? SSHSignature(bytes) else { return }
        let messages = ["message\n", "message"].map { SignedMessage(Array($0.utf8)) }
        let accepted = messages.filter { (try? signature.check($0, in: .site)) != nil }
        expect(accepted.count < 2, "a signature is accepted for two messages")
        expect((try? SSHSignature(bytes + bytes)) == nil, "two signatures are taken for one")
    }

    /// The first line is also a list of patterns, and the second one a text to match.
    static func runSigners(_ bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        guard let signers = try? AllowedSigners(bytes, path: "signers"),
            let more = try? AllowedSigners(Array("x\n#\n".utf8) + bytes, path: "signers")
        else { return }
        expect(signers.count == more.count, "lines depend on the lines before them")
        expect(
            signers.unusable.map { $0.number + 2 } == more.unusable.dropFirst().map(\.number),
            "lines have wrong numbers"
        )
        let lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
        guard lines.count > 1, lines[0].count <= 24, lines[1].count <= 24 else { return }
        let (patterns, text) = (Array(lines[0]), Array(lines[1]))
        expect(
            PatternList(text: patterns).matches(text) == matches(text[...], patterns),
            "patterns match otherwise"
        )
    }

    private static func matches(_ text: ArraySlice<UInt8>, _ list: [UInt8]) -> Bool {
        var isMatched = false
        for pattern in list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let isExcluding = pattern.first == UInt8(ascii: "!")
            guard match(text, isExcluding ? pattern.dropFirst() : pattern) else { continue }
            if isExcluding { return false }
            isMatched = true
        }
        return isMatched
    }

    private static func match(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        if first == UInt8(ascii: "*") {
            if rest.first == first { return match(text, rest) }
            return match(text, rest) || !text.isEmpty && match(text.dropFirst(), pattern)
        }
        guard let byte = text.first, first == UInt8(ascii: "?") || first == byte else {
            return false
        }
        return match(text.dropFirst(), rest)
    }
}
