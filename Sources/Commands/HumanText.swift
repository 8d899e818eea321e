// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Streams

/// Numbers as people read them.
enum HumanText {
    static func size(_ bytes: Int) -> String { ByteSize.text(bytes) }

    static func duration(_ seconds: Int) -> String {
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }

    static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// Names what an index lists and what nobody can pull: the platforms, or attestations.
    static func absent(_ missing: [Descriptor]) -> String {
        let platforms = Set(missing.compactMap(\.platform).filter { !$0.isUnknown }).sorted()
        return platforms.isEmpty
            ? count(missing.count, "attestation")
            : platforms.map(\.description).joined(separator: ", ")
    }

    /// Replaces control characters, and bytes of file names that aren't UTF-8, by visible and
    /// harmless characters.
    static func printable(_ text: String) -> String {
        // A fast path: reports have very many texts, and nearly all are plain ASCII.
        guard !text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return text }
        let text = FileName.visible(text)
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : String($0) }.joined()
    }

    /// Escapes control characters in the text of a JSON document; only strings can contain them
    /// there.
    static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isControl) else { return json }
        return json.unicodeScalars
            .map { scalar in
                guard isControl(scalar) else { return String(scalar) }
                let digits = String(scalar.value, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            .joined()
    }

    /// Whether a character can change the terminal, or the direction of the text after it.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        let kind = scalar.properties.generalCategory
        return scalar.properties.isBidiControl
            || [.control, .lineSeparator, .paragraphSeparator].contains(kind)
    }

    /// Aligns columns, with two spaces between them.
    static func table(_ rows: [[String]]) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated()
                .map { column, cell in
                    let padding = column == row.count - 1 ? 0 : widths[column] - cell.count + 2
                    return cell + String(repeating: " ", count: padding)
                }
                .joined()
        }
    }
}
