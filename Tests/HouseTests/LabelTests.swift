// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

/// Parameters have labels, as Swift's API design guidelines ask: a call of three values without a
/// label can't be read without its declaration.
@Suite struct LabelTests {
    /// The parameters of each function and initializer in a source text, as written.
    private static func parameters(in text: String) -> [[Substring]] {
        text.matches(of: /\b(?:func [^\s(<]+|init[?]?)(?:<[^>]*>)?\(/)
            .compactMap { match in
                let line = text[..<match.range.lowerBound].suffix(while: { $0 != "\n" })
                guard !line.contains("//"), !line.hasSuffix("."), !line.contains("\"") else {
                    return nil
                }
                return split(text[match.range.upperBound...])
            }
    }

    /// The parts of a list in parentheses, up to its end.
    private static func split(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var (start, depth) = (text.startIndex, 0)
        for index in text.indices {
            switch text[index] {
            case "(", "[", "{": depth += 1
            case ")" where depth == 0, "," where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
                if text[index] == ")" { return parts }
            case ")", "]", "}": depth -= 1
            default: continue
            }
        }
        return parts
    }

    private static func unlabelled(_ parameters: [Substring]) -> Int {
        parameters.count { $0.drop(while: \.isWhitespace).hasPrefix("_ ") }
    }

    @Test func fewFunctionsHaveThreeUnlabelledParameters() throws {
        let all = try House.sources.get().flatMap { Self.parameters(in: $0.text) }
        try #require(all.count > 1000)
        let bad = all.filter { Self.unlabelled($0) >= 3 }
        #expect(bad.count * 200 <= all.count, "\(bad)")
    }

    /// The measure itself.
    @Test func parametersAreCounted() {
        let text = """
            func one(_ a: Int, _ b: (Int, Int), c d: [Int: Int], _ e: Int = 3) {}
            // init(_ a: Int, _ b: Int, _ c: Int)
            init?(_ a: Int) { self.init(a, b, c) }
            """
        #expect(Self.parameters(in: text).map(Self.unlabelled) == [3, 1])
    }
}

extension StringProtocol {
    /// The end of the text, as long as its characters fit.
    fileprivate func suffix(while fits: (Character) -> Bool) -> SubSequence {
        self[(lastIndex { !fits($0) }.map(index(after:)) ?? startIndex)...]
    }
}
