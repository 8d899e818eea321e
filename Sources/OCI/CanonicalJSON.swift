// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension JSON {
    /// The bytes of a document that regstatic writes.
    ///
    /// The keys stay in the given order. There is no white space, and only required escapes are
    /// used, so never `\/`. Digests are computed from these bytes, so the form must never change.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    fileprivate func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let values): Self.write(array: values, to: &bytes)
        case .object(let members): Self.write(object: members, to: &bytes)
        }
    }

    private static func write(array values: [JSON], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func write(object members: [Member], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            member.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    fileprivate static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: needsEscape) else {
            bytes += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += "\\u00".utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}

extension JSON.Member {
    fileprivate func write(to bytes: inout [UInt8]) {
        JSON.write(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &bytes)
    }
}

/// Writes a long document one value at a time, in the form of `canonicalBytes`.
///
/// The values of a document take several times as much memory as its text.
package struct JSONWriter {
    /// The text that was written so far.
    package private(set) var bytes: [UInt8] = []

    /// Begins a document; `capacity` should be enough for the whole text, so that the bytes are
    /// never moved.
    package init(capacity: Int) { bytes.reserveCapacity(capacity) }

    package mutating func beginObject(_ key: String? = nil) { begin("{", key) }

    package mutating func endObject() { bytes.append(UInt8(ascii: "}")) }

    package mutating func beginArray(_ key: String? = nil) { begin("[", key) }

    package mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    /// Adds a member of an object.
    package mutating func add(_ key: String, _ value: JSON) {
        separate(key)
        value.write(to: &bytes)
    }

    /// Adds an element of an array.
    package mutating func add(_ element: JSON) {
        separate(nil)
        element.write(to: &bytes)
    }

    private mutating func begin(_ bracket: Unicode.Scalar, _ key: String?) {
        separate(key)
        bytes.append(UInt8(ascii: bracket))
    }

    /// Writes the comma after an earlier value, and the key.
    private mutating func separate(_ key: String?) {
        // Only the start of an object or list needs no comma, and no complete value ends with `{`
        // or `[`.
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") {
            bytes.append(UInt8(ascii: ","))
        }
        guard let key else { return }
        JSON.write(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
