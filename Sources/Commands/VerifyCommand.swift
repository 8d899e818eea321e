// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import OCI
internal import Servers
internal import SiteModel
internal import Site

/// `regstatic verify`: checks a site.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a site, and every file that refers to it.",
        discussion: """
            Hashes all blobs, reads every manifest, and compares all other files of the site with what
            they should be. Prints all faults and all unreferenced files. Unreadable files and symbolic
            links in the place of folders are faults. Changes nothing.

            EXAMPLES:
              regstatic verify /media/stick/site && echo good

            \(ExitCodes.help)
            """
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let progress = ProgressLine(console)
            progress.begin(site)
            defer { progress.clear() }
            let folder = try SiteFolder.forReading(site, allowingLinks: true)
            let report = try SiteVerifier.run(
                folder,
                derived: try Derived(of: folder),
                threads: threads.jobs,
                progress: progress
            )
            progress.clear()
            if outputOptions.json { console.out(Self.json(report)) } else { print(report, console) }
            guard report.faults.isEmpty else { throw ExitCodes.faults }
        }
    }

    private func print(_ report: SiteVerifier.Report, _ console: Console) {
        for fault in report.faults { console.out("fault: \(Self.text(fault))") }
        for path in report.unreferenced { console.out("unreferenced: \(path)") }
        for digest in report.absent {
            console.say("missing: \(digest), which an index lists, but the site never had")
        }
        let checked = "\(HumanText.count(report.blobs, "blob")), \(HumanText.size(report.bytes))"
        console.say(
            report.faults.isEmpty
                ? "\(site) is whole: \(checked)"
                : "\(site) has \(HumanText.count(report.faults.count, "fault")) (\(checked) read)\n"
                    + "  \(Self.remedy(report))"
        )
    }

    private static func remedy(_ report: SiteVerifier.Report) -> String {
        let hasLinks = report.faults.contains { if case .link = $0 { true } else { false } }
        return hasLinks
            ? "Remove the links, or replace them with the folders themselves; then run verify again."
            : "Build the images again from their archives, which replaces damaged files."
    }

    static func text(_ fault: SiteFault) -> String {
        switch fault {
        case .blob(let path, let reason): "\(path): \(text(reason))"
        case .manifest(let digest, let damage): "manifest \(digest): \(ErrorText.text(damage))"
        case .content(let digest, let manifest, let reason):
            "\(digest), which manifest \(manifest) needs: \(text(reason))"
        case .tree(let path): "\(path): missing or changed"
        case .link(let path): "\(path): a symbolic link, which regstatic does not follow"
        case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
        case .noBlobs: "\(Digest.blobFolder): there are manifests, but no blobs"
        }
    }

    private static func text(_ fault: SiteFault.BlobFault) -> String {
        switch fault {
        case .missing: "missing"
        case .mismatch(let found): "its bytes have the digest \(found)"
        case .size(let expected, let found): "\(found) bytes instead of \(expected)"
        case .notADigest: "the name is not a digest"
        case .unreadable(let reason): "can't be read: \(reason)"
        }
    }

    private static func json(_ report: SiteVerifier.Report) -> JSON {
        .object([
            "ok": .bool(report.faults.isEmpty),
            "blobs": .integer(report.blobs),
            "bytes": .integer(report.bytes),
            "faults": .array(report.faults.map(\.json)),
            "unreferenced": .array(report.unreferenced.map { .string($0) }),
            "missing": .array(report.absent.map { .string($0.description) }),
        ])
    }
}
