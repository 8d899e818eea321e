// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The images that a text names: a plain list, Kubernetes manifests, a compose file, a rendered chart.
///
/// If any line has a key `image`, in YAML or JSON, the images are the values of these keys. Otherwise the
/// text is a list with a name on each line. A reader of YAML would not see the manifests in the strings of
/// other manifests, such as ConfigMaps.
package struct ImageList: Hashable, Sendable {
    /// A line whose text should be an image's name but isn't one.
    package struct Unread: Hashable, Sendable {
        /// Counted from 1.
        package let line: Int
        package let text: String

        package init(line: Int, text: String) { (self.line, self.text) = (line, text) }
    }

    /// The images in the order of the text, without duplicates.
    package private(set) var images: [Reference] = []
    package private(set) var unread: [Unread] = []
    private var seen: Set<Reference> = []

    package init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let values = lines.map(Self.values)
        let isManifest = values.contains { !$0.isEmpty }
        for (number, line) in lines.enumerated() {
            let names = isManifest ? values[number] : Self.words(line)
            add(names, line: number + 1, of: line)
        }
    }

    private mutating func add(_ names: [Substring], line number: Int, of line: Substring) {
        let references = names.map { Reference(String($0)) }
        // Several words in a line are names only if they look like names. Otherwise it is a sentence.
        let isSentence = names.count > 1 && !names.allSatisfy { $0.contains { "/:@".contains($0) } }
        guard !isSentence, !references.contains(nil) else {
            return unread.append(Unread(line: number, text: String(line.trimmed.prefix(100))))
        }
        for case let reference? in references where seen.insert(reference).inserted {
            images.append(reference)
        }
    }

    /// The words of a line of a plain list, without a comment and the mark of a list's element.
    private static func words(_ line: Substring) -> [Substring] {
        let words = line.prefix { $0 != "#" }.split { $0.isWhitespace || "\"',".contains($0) }
        return words.first == "-" ? Array(words.dropFirst()) : words
    }

    /// The values of the keys `image` in a line.
    private static func values(_ line: Substring) -> [Substring] {
        guard line.trimmed.first != "#" else { return [] }
        var values: [Substring] = []
        var rest = line
        while let key = rest.firstRange(of: "image") {
            // A key begins a line, or follows one of these characters.
            let isWhole = rest[..<key.lowerBound].last
                .map { $0.isWhitespace || isQuote($0) || "{,".contains($0) }
            rest = rest[key.upperBound...]
            guard isWhole ?? true, let value = value(after: rest) else { continue }
            values.append(value)
            rest = rest[value.endIndex...]
        }
        return values
    }

    /// The value after a key, in quotes or without; nil if no colon follows, or no text.
    private static func value(after key: Substring) -> Substring? {
        let colon = key.drop { isQuote($0) }.drop { $0 == " " }
        // In YAML, a colon in the middle of a word is a part of the word.
        guard colon.first == ":", let next = colon.dropFirst().first,
            next.isWhitespace || isQuote(next)
        else { return nil }
        let start = colon.dropFirst().drop { $0.isWhitespace }
        let text = start.drop { isQuote($0) }
        let isQuoted = text.startIndex > start.startIndex
        let value = text.prefix { character in
            !isQuote(character)
                && (isQuoted || !character.isWhitespace && !",}]".contains(character))
        }
        let isMapping = value.hasPrefix("{") && !value.hasPrefix("{{")
        return value.isEmpty || isMapping || ["null", "~"].contains(value) ? nil : value
    }

    /// Quotes may be escaped, because a manifest may be a string in another one.
    private static func isQuote(_ character: Character) -> Bool { "\"'\\".contains(character) }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0.isWhitespace } }
}
