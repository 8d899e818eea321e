// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import OCI
internal import Servers
internal import SiteModel
internal import Site

/// `regstatic remove`: removes tags and images from a site.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove tags or images from a site; `prune` then frees their space.",
        discussion: HelpText.discussion(
            """
            Clients can't pull a removed tag. The image stays available by digest until `regstatic
            prune`, so that running pulls don't fail. An image that a tag or an index needs can't be
            removed by digest.

            EXAMPLES:
              regstatic remove site team/app:1.0 team/app:1.1
              regstatic remove site team/app:1.0 --prune
              regstatic remove site team/app@sha256:4f53…

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Argument(
        help: ArgumentHelp(
            "An image to remove: REPOSITORY:TAG or REPOSITORY@DIGEST.",
            valueName: "image"
        )
    )
    var images: [SiteReference]

    @Flag(
        help: "Also run `regstatic prune`, which keeps the content for an hour for running pulls."
    )
    var prune = false

    @Flag(help: "With --prune, delete the content immediately; running pulls of this content fail.")
    var now = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard prune || !now else { throw ValidationError("--now requires --prune.") }
        guard !images.isEmpty else { throw ValidationError("Name at least one image.") }
        guard images.allSatisfy({ $0.target != .unnamed }) else {
            throw ValidationError("Name images with their tags or digests: REPOSITORY:TAG.")
        }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let (removed, written) = try SitePruner(.opening(site)).remove(images)
            if !outputOptions.json {
                for entry in removed { console.out(HumanText.printable("removed \(entry.name)")) }
            }
            let freed =
                prune ? try SitePruner(.opening(site)).prune(waiting: !now).removed : nil
            written.reportSignature(of: site, console)
            if outputOptions.json {
                console.out(Self.json(removed, freed: freed, written: written))
            } else if let freed {
                console.say("\(HumanText.size(freed.bytes)) freed")
                if let text = freed.waitingText { console.say(text) }
            } else {
                console.say(
                    "Their content stays until you run: regstatic prune \(ShellWord.quoted(site))"
                )
            }
        }
    }

    private static func json(
        _ removed: [SiteIndex.Entry],
        freed: SitePruner.Unreferenced?,
        written: WrittenFiles
    ) -> String {
        let document = JSON.object([
            "removed": .array(removed.map(\.json)),
            "bytes": freed.map { .integer($0.bytes) },
            "waiting": freed.map { .array($0.waiting.map(\.json)) },
            "until": freed?.until,
            "signatureRemoved": .bool(written.isSignatureRemoved),
        ])
        return String(decoding: document.canonicalBytes, as: UTF8.self)
    }
}
