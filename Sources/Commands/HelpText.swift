// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The discussion in a command's help.
///
/// Blank lines separate the parts. A part is a section if its first line is like `EXAMPLES:` and
/// all other lines are indented; otherwise it is a paragraph.
enum HelpText {
    /// Joins the lines of each paragraph, so that ArgumentParser can wrap it for any terminal.
    static func discussion(_ text: String) -> String {
        parts(text).map { $0.joined(separator: isSection($0) ? "\n" : " ") }
            .joined(separator: "\n\n")
    }

    static func parts(_ text: String) -> [[Substring]] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .split { $0.isEmpty }.map(Array.init)
    }

    static func isSection(_ part: [Substring]) -> Bool {
        guard let title = part.first, title.hasSuffix(":"), part.count > 1 else { return false }
        return title == title.uppercased() && part.dropFirst().allSatisfy { $0.hasPrefix("  ") }
    }
}
