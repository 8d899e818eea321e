// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import Foundation

/// Texts that the program shall produce, kept in `Tests/Golden`.
///
/// `REGSTATIC_RECORD=1 swift test` writes them anew, and fails: what it wrote is to be read in the
/// difference before it is committed.
package enum Golden {
    /// Nil if the text is the one that was recorded; else what to say.
    package static func difference(_ name: String, _ text: String) -> String? {
        let path = "\(Fixture.repository)/Tests/Golden/\(name)"
        if ProcessInfo.processInfo.environment["REGSTATIC_RECORD"] == "1" {
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(Fixture.repository)/Tests/Golden",
                    withIntermediateDirectories: true
                )
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            } catch { return "can't write \(path): \(error)" }
            return "recorded \(name): look at the difference, then test without recording"
        }
        guard let recorded = try? String(contentsOfFile: path, encoding: .utf8) else {
            return "no \(name): record it with REGSTATIC_RECORD=1"
        }
        return recorded == text ? nil : firstDifference(name, recorded, text)
    }

    private static func firstDifference(_ name: String, _ old: String, _ new: String) -> String {
        let oldLines = old.split(separator: "\n", omittingEmptySubsequences: false)
        let newLines = new.split(separator: "\n", omittingEmptySubsequences: false)
        let same = zip(oldLines, newLines).prefix { $0 == $1 }.count
        let expected = same < oldLines.count ? oldLines[same] : "the end"
        let found = same < newLines.count ? newLines[same] : "the end"
        return "\(name), line \(same + 1): expected \"\(expected)\", found \"\(found)\""
    }
}
