// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// Functions that make untrusted text safe in HTML, so that it can't act as markup or look like
/// other text.
enum Markup {
    /// Escapes a text for an element's content, and for an attribute in double quotes.
    static func escape(_ text: String, to output: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            default: output.append(byte)
            }
        }
    }

    /// Spells out characters that are invisible or that change the direction of text.
    ///
    /// HTML forbids control characters; a direction mark could show `exe.jpg` as `gpj.exe`.
    static func visible(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return String(text) }
        var visible = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                visible +=
                    "[U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
            } else {
                visible.unicodeScalars.append(scalar)
            }
        }
        return visible
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.value < 32 && scalar != "\n" && scalar != "\t" || scalar.value == 127
        }
        if scalar.properties.isNoncharacterCodePoint || scalar.properties.isBidiControl {
            return true
        }
        switch scalar.properties.generalCategory {
        // Many scripts need joiners to form letters, so keep them.
        case .format:
            return scalar.value != 0x200C && scalar.value != 0x200D && scalar.value != 0xAD
        case .control, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// Returns a URL that is safe in a link (http or https, printable ASCII), or nil.
    static func link(_ text: String) -> String? {
        let lower = text.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 500,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\"<>\\^`{|}".utf8.contains($0) })
        else { return nil }
        return text
    }

    /// Encodes a relative path as the target of a link.
    static func path(_ path: String) -> String {
        var encoded = ""
        for byte in path.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return encoded
    }
}

/// The number of bytes that an image may still add to its page.
///
/// Without a limit, an archive could produce a page that is too large for a browser.
final class Allowance {
    private(set) var left: Int

    init(_ bytes: Int) { left = bytes }

    /// The number of bytes that a row takes in addition to its text.
    private static let row = 120

    /// Spells out the hidden characters of a text.
    ///
    /// If the text is too long, truncates it and adds the number of missing bytes.
    func text(_ text: String, limit: Int) -> String {
        let room = max(0, min(limit, left))
        guard text.utf8.count > room else {
            left -= text.utf8.count
            return Markup.visible(text)
        }
        let start = text.prefix(room)
        left -= start.utf8.count
        let cut = text.utf8.count - start.utf8.count
        return Markup.visible(start) + " … (\(Wording.count(cut)) more bytes)"
    }

    /// Returns as many items as fit, and the number of skipped items.
    func rows<Item>(_ items: [Item], limit: Int) -> (shown: ArraySlice<Item>, cut: Int) {
        let shown = items.prefix(max(0, min(limit, left / Self.row)))
        left -= shown.count * Self.row
        return (shown, items.count - shown.count)
    }
}

/// Numbers and times as people read them.
enum Wording {
    static func size(_ bytes: Int) -> String { ByteSize.text(bytes) }

    static func count(_ number: Int) -> String {
        var digits = String(number)
        var index = digits.endIndex
        while digits.distance(from: digits.startIndex, to: index) > 3 {
            index = digits.index(index, offsetBy: -3)
            digits.insert(",", at: index)
        }
        return digits
    }

    static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// Returns the date and the time of an RFC 3339 timestamp; nil for any other text.
    ///
    /// Also nil for 1970 and earlier, because builders that don't record the time write 1970.
    static func moment(_ text: String) -> String? {
        let pattern = "0000-00-00T00:00:00"
        let start = text.prefix(pattern.count)
        guard start.utf8.count == pattern.utf8.count,
            zip(start.utf8, pattern.utf8)
                .allSatisfy({ byte, sample in
                    sample == 48 ? (48...57).contains(byte) : byte == sample
                })
        else { return nil }
        return start.prefix(4) > "1970" ? String(start) : nil
    }
}
