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

    /// The bytes of an object with many members, which are made one at a time.
    ///
    /// The values of a document take several times as much memory as its text. For the same reason,
    /// `capacity` should be enough for the whole text, so that it is never copied.
    package static func canonicalBytes(
        object members: some Sequence<Member>,
        capacity: Int
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(capacity)
        write(object: members, to: &bytes)
        return bytes
    }

    /// The bytes of an object with one long array, whose elements are made one at a time.
    package static func canonicalBytes(
        object before: [Member],
        array: (key: String, elements: some Sequence<JSON>),
        _ after: [Member],
        capacity: Int
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(capacity)
        write(object: before, to: &bytes)
        bytes[bytes.count - 1] = UInt8(ascii: ",")
        write(array.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        write(array: array.elements, to: &bytes)
        for member in after {
            bytes.append(UInt8(ascii: ","))
            member.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func write(array values: some Sequence<JSON>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func write(object members: some Sequence<Member>, to bytes: inout [UInt8]) {
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
