// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Certificates
internal import OCI
internal import SiteModel
internal import Site

/// `regstatic prune`: deletes unreferenced content of a site.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete content that no image of a site needs any more.",
        discussion: HelpText.discussion(
            """
            Deletes images whose tags moved or were removed, their signatures and other referrers,
            and all unreferenced files below blobs/, manifests/ and v2/. Images that never had a tag
            stay.

            You can serve the site while prune runs. If an image's tag was moved or removed, the
            image stays for an hour after the first run that notices this, so that clients can
            finish pulling it. Run prune again later, or use --now if no client is pulling.

            EXAMPLES:
              regstatic prune site --dry-run
              regstatic prune site
              regstatic prune site --now

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Flag(help: "Only show what would be deleted, and its size.")
    var dryRun = false

    @Flag(help: "Delete replaced images immediately; running pulls of these images fail.")
    var now = false

    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let pruner = try SitePruner(.opening(site, dryRun: dryRun))
            let (found, written) =
                dryRun
                ? (try pruner.unreferenced(waiting: !now), WrittenFiles())
                : try pruner.prune(waiting: !now)
            written.reportSignature(of: site, console)
            if outputOptions.json {
                console.out(json(found, written))
                return
            }
            for entry in found.images { console.out(HumanText.printable(entry.name)) }
            if dryRun, found.removesSignature {
                console.say("the site will change, so its signature would be removed")
            }
            console.say(summary(found))
            if written.repaired > 0 {
                let files = HumanText.count(written.repaired, "damaged or missing file")
                console.say("\(files) repaired")
            }
            if let text = found.waitingText { console.say(text) }
        }
    }

    private func summary(_ found: SitePruner.Unreferenced) -> String {
        let files = HumanText.count(
            found.content.count + found.names.count + found.signatures.count,
            "file"
        )
        if found.isEmpty { return "nothing to prune" }
        return found.content.isEmpty
            ? "\(files) \(dryRun ? "would be removed" : "removed")"
            : "\(HumanText.size(found.bytes)) in \(files) \(dryRun ? "would be freed" : "freed")"
    }

    private func json(_ found: SitePruner.Unreferenced, _ written: WrittenFiles) -> JSON {
        .object([
            "images": .array(found.images.map(\.json)),
            "files": .array((found.names + found.content + found.signatures).map { .string($0) }),
            "bytes": .integer(found.bytes), "repaired": .integer(written.repaired),
            "dryRun": .bool(dryRun),
            "signatureRemoved": .bool(dryRun ? found.removesSignature : written.isSignatureRemoved),
            "waiting": .array(found.waiting.map(\.json)), "until": found.until,
        ])
    }
}

extension SitePruner.Unreferenced {
    /// The time from which all waiting images may be deleted; nil if none waits.
    var until: JSON? {
        waiting.isEmpty ? nil : .string(Timestamp(seconds: end).timestamp)
    }

    /// A line that reports the number of waiting images and the end of their wait.
    var waitingText: String? {
        guard !waiting.isEmpty else { return nil }
        return "\(HumanText.count(waiting.count, "replaced image")) kept until"
            + " \(Timestamp(seconds: end).timestamp) for running pulls (--now doesn't wait)"
    }
}
