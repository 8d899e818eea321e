// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs

// Files that are, or may be, parts of a split file.
extension ErrorText {
    /// Explains that inputs are the parts of one file.
    init(parts: [String]) {
        self.init(
            "it is one of \(parts.count) parts of one file: \(Self.some(parts))",
            remedy: "Join the parts: \(Self.join(parts))"
        )
    }

    /// Explains that a file isn't an archive, although its name is that of a part.
    init(notAnArchive input: String) {
        self.init(
            "it is not an archive, and its name is that of a part of a split file",
            remedy:
                "Join all parts: \(Self.join([input])). If the file isn't such a part, save the image"
                + " again: docker save NAME:TAG -o FILE.tar"
        )
    }

    /// Explains that a file ends early.
    init(truncated input: String) {
        let name = PartName(input).flatMap { $0.isCertain ? input : nil }
        self.init(
            "the file ends early, so a part of it is missing",
            remedy: Self.copyAgain
                + " If the file is one of several parts, join the parts: "
                + (name.map { Self.join([$0]) } ?? "cat FILE.* | regstatic build - -o SITE")
        )
    }

    /// The command that reads the file that consists of these parts, or of all parts whose names
    /// begin like that of the only one.
    private static func join(_ parts: [String]) -> String {
        let names = parts.compactMap { PartName($0) }
        let isSorted = Set(names.map(\.position.count)).count == 1
        let stem = names.first?.stem ?? ""
        // A pattern sorts numbers of different lengths as texts, and matches too much if the stem
        // doesn't end where the file's own name ends.
        let hasPattern = isSorted && (stem.hasSuffix(".") || stem.hasSuffix("part"))
        let words =
            hasPattern || parts.count == 1 ? "\(ShellWord.quoted(stem))*" : ShellWord.list(parts)
        return "cat \(words) | regstatic build - -o SITE"
    }
}
