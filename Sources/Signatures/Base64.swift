// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Base64 with the alphabet of RFC 4648, section 4.
enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let pad = UInt8(ascii: "=")

    /// The digits of some bytes, without padding, as OpenSSH prints fingerprints.
    static func unpadded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (0..<3)
                .reduce(0) { bits, offset in
                    bits << 8 | (offset < group.count ? Int(group[start + offset]) : 0)
                }
            text += (0...group.count).map { digits[bits >> (18 - 6 * $0) & 0x3F] }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes padded base64; nil unless the text is the only encoding of the bytes.
    static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let content = text.prefix { $0 != pad }
        let padding = text.dropFirst(content.count)
        guard padding.count <= 2, padding.allSatisfy({ $0 == pad }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var (bits, count) = (0, 0)
        for digit in content {
            guard let value = value(of: digit) else { return nil }
            (bits, count) = (bits << 6 | value, count + 6)
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            bits &= 1 << count - 1
        }
        // The bits that are left over must be zero; otherwise two texts would be the same bytes.
        return bits == 0 ? bytes : nil
    }

    private static func value(of digit: UInt8) -> Int? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
