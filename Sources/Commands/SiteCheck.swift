// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Site

/// The check of a site by a command that must not go on with a damaged site.
enum SiteCheck {
    /// Verifies a site, and prints its faults.
    ///
    /// - Throws: `FileError`.
    static func run(
        _ folder: SiteFolder,
        named site: String,
        threads: Int,
        _ console: Console
    ) throws -> SiteVerifier.Report {
        let progress = ProgressLine(console)
        progress.begin("checking \(site)")
        defer { progress.clear() }
        let report = try SiteVerifier.run(folder, threads: threads, progress: progress)
        progress.clear()
        for fault in report.faults {
            console.warn(HumanText.printable("fault: \(VerifyCommand.text(fault, in: report))"))
        }
        return report
    }
}
