// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import OCI
internal import SiteModel
internal import Site

/// `regstatic prune`: deletes unreferenced content of a site.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete content that no image of a site needs any more.",
        discussion: """
            Deletes images whose tags moved or were removed, their signatures and other referrers, and
            all unreferenced files below blobs/, manifests/ and v2/. Images that never had a tag stay.
            The site can be served meanwhile.

            EXAMPLES:
              regstatic prune site --dry-run
              regstatic prune site

            \(ExitCodes.help)
            """
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Flag(help: "Only show what would be deleted, and its size.")
    var dryRun = false

    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let pruner = try SitePruner(.opening(site, dryRun: dryRun))
            let found = dryRun ? try pruner.unreferenced() : try pruner.prune()
            if outputOptions.json {
                console.out(json(found))
                return
            }
            for entry in found.images { console.out(HumanText.printable(entry.name)) }
            let files = HumanText.count(found.content.count, "file")
            console.say(
                found.isEmpty
                    ? "nothing to prune"
                    : "\(HumanText.size(found.bytes)) in \(files)"
                        + (dryRun ? " would be freed" : " freed")
            )
        }
    }

    private func json(_ found: SitePruner.Unreferenced) -> JSON {
        .object([
            "images": .array(found.images.map(\.json)),
            "files": .array((found.names + found.content).map { .string($0) }),
            "bytes": .integer(found.bytes), "dryRun": .bool(dryRun),
        ])
    }
}
