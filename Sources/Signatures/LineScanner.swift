// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Takes the words of a line of a signers' file, as ssh-keygen does.
struct LineScanner {
    private let line: [UInt8]
    private var position = 0

    init(_ line: some Collection<UInt8>) {
        self.line = Array(line)
        skip(Self.blanks)
    }

    private static let whitespace = Array(" \t\r\n".utf8)
    private static let blanks = Array(" \t".utf8)
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    var isAtEnd: Bool { position == line.count }

    /// Whether nothing but white space is left, or a comment.
    var isEmptyOrComment: Bool {
        line[position...].allSatisfy(Self.whitespace.contains)
            || line[position] == UInt8(ascii: "#")
    }

    private mutating func skip(_ bytes: [UInt8]) {
        while position < line.count, bytes.contains(line[position]) { position += 1 }
    }

    /// The first word, which may have quotes; nil if the closing quote is missing, or the line has
    /// a byte that ends a text of C.
    mutating func principals() -> [UInt8]? {
        guard !line.contains(0) else { return nil }
        var word = take { $0 != Self.quote && !Self.whitespace.contains($0) }
        if position < line.count, line[position] == Self.quote {
            position += 1
            word += take { $0 != Self.quote }
            guard position < line.count else { return nil }
            position += 1
        }
        skip(Self.whitespace)
        return word
    }

    /// The next word, and the blanks after it; empty at the end.
    mutating func word() -> [UInt8] {
        let word = take { !Self.blanks.contains($0) }
        skip(Self.blanks)
        return word
    }

    /// The next word, which stays the next one.
    var nextWord: [UInt8] {
        var copy = self
        return copy.word()
    }

    /// The next word with options, in which blanks between quotes are no end; nil if a closing
    /// quote is missing.
    mutating func options() -> [UInt8]? {
        var isQuoted = false
        let start = position
        while position < line.count, isQuoted || !Self.blanks.contains(line[position]) {
            if line[position] == Self.backslash, position + 1 < line.count,
                line[position + 1] == Self.quote
            {
                position += 1
            } else if line[position] == Self.quote {
                isQuoted.toggle()
            }
            position += 1
        }
        guard !isQuoted else { return nil }
        defer { skip(Self.blanks) }
        return Array(line[start..<position])
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> [UInt8] {
        let start = position
        while position < line.count, condition(line[position]) { position += 1 }
        return Array(line[start..<position])
    }
}

/// An option of a signers' file: `NAME` or `NAME="VALUE"`.
struct SignerOption: Hashable {
    /// The name in lower case.
    let name: String
    let value: [UInt8]?

    /// Parses options with commas between them; nil if the text has another form.
    static func all(_ text: [UInt8]) -> [SignerOption]? {
        var options: [SignerOption] = []
        var rest = text[...]
        while true {
            guard let option = take(&rest) else { return nil }
            options.append(option)
            guard let comma = rest.popFirst() else { return options }
            guard comma == UInt8(ascii: ",") else { return nil }
        }
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> SignerOption? {
        let name = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty else { return nil }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        guard rest.first == UInt8(ascii: "=") else { return SignerOption(name: text, value: nil) }
        rest = rest.dropFirst()
        return quoted(&rest).map { SignerOption(name: text, value: $0) }
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        guard rest.popFirst() == quote else { return nil }
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return value }
            if byte == UInt8(ascii: "\\"), rest.first == quote {
                rest = rest.dropFirst()
                value.append(quote)
            } else {
                value.append(byte)
            }
        }
        return nil
    }
}
