// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import OCI
internal import Site

/// `regstatic prune`: what nothing reaches, out of a site.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Free the space of what no tag of a site reaches any more.",
        discussion: """
            Takes away images whose tags moved or were removed, signatures and the like of those,
            and all files below blobs/, manifests/ and v2/ that nothing refers to. Images that came
            without a tag stay. A site may be served meanwhile.

            EXAMPLES:
              regstatic prune site --dry-run
              regstatic prune site

            \(ExitCodes.help)
            """
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Flag(help: "Only say what would go, and how much it is.")
    var dryRun = false

    @OptionGroup var talk: TalkOptions

    func run() throws {
        let console = talk.console
        try ExitCodes.reporting(console) {
            let upkeep = try SiteUpkeep.opening(site, toLookAt: dryRun)
            let waste = dryRun ? try upkeep.waste() : try upkeep.prune()
            if talk.json {
                console.out(json(waste))
                return
            }
            for entry in waste.images { console.out(HumanText.printable(entry.name)) }
            let files = HumanText.count(waste.content.count, "file")
            console.say(
                waste.isEmpty
                    ? "nothing to prune"
                    : "\(HumanText.size(waste.bytes)) in \(files)"
                        + (dryRun ? " would be freed" : " freed")
            )
        }
    }

    private func json(_ waste: SiteUpkeep.Waste) -> String {
        let document = JSON.object([
            "images": .array(waste.images.map { .string($0.name) }),
            "files": .array((waste.api + waste.content).map { .string($0) }),
            "bytes": .integer(waste.bytes), "dryRun": .bool(dryRun),
        ])
        return String(decoding: document.canonicalBytes, as: UTF8.self)
    }
}
