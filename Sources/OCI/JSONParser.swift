// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension JSON {
    /// Reads one RFC 8259 document.
    ///
    /// It is a security hole if two parsers read the same document differently. So this parser
    /// refuses everything that other parsers treat in different ways: duplicate keys, invalid
    /// UTF-8, and text after the value.
    package init(parsing bytes: [UInt8], limits: JSONLimits = .document) throws(JSONError) {
        var parser = try JSONParser(bytes, limits)
        self = try parser.document()
    }

    /// Reads a document that is one long object, and passes on one member at a time.
    ///
    /// The values of a document take several times as much memory as its text. This function
    /// doesn't keep the keys, so it can't find duplicate keys. The caller must evaluate every
    /// member, even if its key occurs again.
    package static func readMembers(
        of bytes: [UInt8],
        limits: JSONLimits,
        _ body: (Member) -> Void
    ) throws(JSONError) {
        var parser = try JSONParser(bytes, limits)
        try parser.readMembers(body)
    }
}

private struct JSONParser {
    package let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    var depth = 0
    var values = 0
    private var texts: JSONTexts

    init(_ bytes: [UInt8], _ limits: JSONLimits) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(reason: .tooLarge(limit: limits.bytes), offset: limits.bytes)
        }
        self.bytes = bytes
        self.limits = limits
        texts = JSONTexts(documentSize: bytes.count)
    }

    mutating func document() throws(JSONError) -> JSON {
        let value = try value()
        try end()
        return value
    }

    mutating func readMembers(_ body: (JSON.Member) -> Void) throws(JSONError) {
        skipWhitespace()
        guard take("{") else { throw fault("an object") }
        (depth, values) = (depth + 1, values + 1)
        skipWhitespace()
        if !take("}") {
            repeat {
                skipWhitespace()
                let key = try string()
                body(JSON.Member(key, try memberValue()))
            } while take(",")
            guard take("}") else { throw fault("',' or '}'") }
        }
        try end()
    }

    private mutating func end() throws(JSONError) {
        skipWhitespace()
        guard position == bytes.count else { throw fault("the end of the document") }
    }

    private mutating func value() throws(JSONError) -> JSON {
        values += 1
        guard values <= limits.values else {
            throw JSONError(reason: .tooMany(limit: limits.values), offset: position)
        }
        skipWhitespace()
        switch peek {
        case UInt8(ascii: "{"):
            return try nested { (parser) throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["):
            return try nested { (parser) throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        depth += 1
        guard depth <= limits.depth else {
            throw JSONError(reason: .tooDeep(limit: limits.depth), offset: position)
        }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSON {
        var members: [JSON.Member] = []
        // Use this set only for objects with many keys, because for a few keys, a search in the
        // list is faster.
        var seen: Set<String> = []
        skipWhitespace()
        if take("}") { return .object([]) }
        repeat {
            skipWhitespace()
            let start = position
            let key = try string()
            if members.count == Self.fewKeys { seen = Set(members.map(\.key)) }
            let isNew =
                members.count < Self.fewKeys
                ? !members.contains { $0.key == key } : seen.insert(key).inserted
            guard isNew else {
                throw JSONError(reason: .duplicateKey(key), offset: start)
            }
            members.append(JSON.Member(key, try memberValue()))
        } while take(",")
        guard take("}") else { throw fault("',' or '}'") }
        return .object(members)
    }

    /// Reads the colon after a key, and the value.
    private mutating func memberValue() throws(JSONError) -> JSON {
        skipWhitespace()
        guard take(":") else { throw fault("':'") }
        let value = try value()
        skipWhitespace()
        return value
    }

    private static let fewKeys = 16

    private mutating func array() throws(JSONError) -> JSON {
        var values: [JSON] = []
        skipWhitespace()
        if take("]") { return .array([]) }
        repeat {
            values.append(try value())
            skipWhitespace()
        } while take(",")
        guard take("]") else { throw fault("',' or ']'") }
        return .array(values)
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for byte in text.description.utf8 {
            guard peek == byte else { throw fault("a value") }
            position += 1
        }
        return value
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = peek, (48...57).contains(byte) { position += 1 }
        guard position > start else { throw fault("a value") }
    }

    private mutating func string() throws(JSONError) -> String {
        guard take("\"") else { throw fault("a string") }
        let start = position
        while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\\") {
            position += 1
            guard byte == UInt8(ascii: "\"") else { continue }
            return try utf8(bytes[start..<position - 1], at: start)
        }
        return try escapedString(from: start)
    }

    /// Reads the rest of a string that contains an escape.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<position])
        while let byte = peek, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try utf8(content[...], at: start)
            case UInt8(ascii: "\\"): content += try escape().utf8
            default: content.append(byte)
            }
        }
        throw fault("the end of a string")
    }

    private mutating func escape() throws(JSONError) -> String {
        guard let byte = peek else { throw fault("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault("an escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> String {
        var units = [try hexUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard take("\\"), take("u") else { throw fault("a low surrogate") }
            units.append(try hexUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw fault("a character")
        }
        return text
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        let end = position + 4
        guard end <= bytes.count, bytes[position..<end].allSatisfy(\.isHexDigit),
            let unit = UInt16(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
        else { throw fault("four hex digits") }
        position = end
        return unit
    }

    private mutating func utf8(
        _ slice: ArraySlice<UInt8>,
        at offset: Int
    ) throws(JSONError) -> String {
        guard let text = texts.decode(slice) else {
            throw JSONError(reason: .syntax(expected: "UTF-8"), offset: offset)
        }
        return text
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private func fault(_ expected: String) -> JSONError {
        JSONError(reason: .syntax(expected: expected), offset: position)
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case 48...57, 65...70, 97...102: true
        default: false
        }
    }
}
