// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// The conversion between file names and texts, without loss in both directions.
///
/// For Linux, a name is a sequence of bytes, which are usually UTF-8, but not always. Each byte
/// that isn't UTF-8 becomes an escape: U+0000, which no name contains, and two hexadecimal digits.
/// So two different names never become the same text.
package enum FileName {
    package static func text(_ name: UnsafePointer<CChar>) -> String {
        if let text = unsafe String(validatingCString: name) { return text }
        let bytes = unsafe UnsafeBufferPointer(start: name, count: strlen(name))
        return text(unsafe bytes.map(UInt8.init(bitPattern:)))
    }

    package static func text(_ name: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var rest = name[...]
        while let byte = rest.first {
            var parser = Unicode.UTF8.ForwardParser()
            var bytes = rest.makeIterator()
            guard case .valid(let scalar) = parser.parseScalar(from: &bytes) else {
                text.append(contentsOf: (mark + String(byte, radix: 16)).unicodeScalars)
                rest = rest.dropFirst()
                continue
            }
            text.append(Unicode.UTF8.decode(scalar))
            rest = rest.dropFirst(scalar.count)
        }
        return String(text)
    }

    /// The bytes of a name or path; nil if it contains U+0000 outside an escape, because no
    /// file can have such a name.
    package static func bytes(_ text: String) -> [UInt8]? {
        let parts = text.utf8.split(separator: 0, omittingEmptySubsequences: false)
        var bytes = Array(parts[0])
        for part in parts.dropFirst() {
            guard let byte = escaped(part) else { return nil }
            bytes.append(byte)
            bytes += part.dropFirst(2)
        }
        return bytes
    }

    /// Calls `body` with a name or path for the system; returns nil if no file can have it.
    package static func withCString<Value>(
        _ text: String,
        _ body: (UnsafePointer<CChar>) -> Value
    ) -> Value? {
        guard text.utf8.contains(0) else { return unsafe text.withCString(body) }
        guard let bytes = bytes(text) else { return nil }
        let name = (bytes + [0]).map(CChar.init(bitPattern:))
        return unsafe name.withUnsafeBufferPointer { name in
            unsafe name.baseAddress.map { unsafe body($0) }
        }
    }

    /// Whether a name or path comes before another one, bytewise.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard let first = left.baseAddress, let second = right.baseAddress
                else { return left.count < right.count }
                let order = unsafe memcmp(first, second, min(left.count, right.count))
                return order == 0 ? left.count < right.count : order < 0
            }
        }
    }

    /// Replaces the escapes in a text by a form that people can read, such as `\xff`.
    package static func visible(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        let parts = text.utf8.split(separator: 0, omittingEmptySubsequences: false)
        return parts.dropFirst()
            .reduce(into: String(parts[0]) ?? "") { text, part in
                text += (escaped(part) == nil ? mark : "\\x") + (String(part) ?? "")
            }
    }

    private static let mark = "\0"

    /// Decodes an escape, without its mark.
    ///
    /// Only bytes beyond ASCII are valid, so that an escape can't hide a slash or dots.
    private static func escaped(_ digits: Substring.UTF8View) -> UInt8? {
        guard let digits = String(digits.prefix(2)), digits.utf8.count == 2,
            let byte = UInt8(digits, radix: 16), byte >= 0x80
        else { return nil }
        return byte
    }
}
