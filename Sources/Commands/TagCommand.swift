// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import OCI
internal import SiteModel
internal import Site

/// `regstatic tag`: gives an image of a site more tags.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give an image of a site another tag, for example to go back to an old version.",
        discussion: HelpText.discussion(
            """
            A tag that exists moves to the image, as with a push. The image that the tag named before
            stays available by digest until `regstatic prune`, so that running pulls don't fail. Until
            then, you can also give such a replaced image a tag again; `regstatic list` shows its
            digest, and the tag that it had. All new tags are set, or none.

            If the new tag is in another repository, the image's signatures and other referrers come
            along.

            EXAMPLES:
              regstatic tag site team/app:1.0 team/app:stable
              regstatic tag site team/app@sha256:4f53… :stable :1.0
              regstatic tag site team/app:1.0 promo/app:1.0

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Argument(
        help: ArgumentHelp(
            "The image: REPOSITORY:TAG, REPOSITORY@DIGEST, or REPOSITORY if it has only one image.",
            valueName: "image"
        )
    )
    var source: SiteReference

    @Argument(
        help: ArgumentHelp(
            "A new tag: REPOSITORY:TAG, or :TAG in the image's own repository.",
            valueName: "new"
        ),
        transform: NewTag.parse
    )
    var tags: [NewTag]

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !tags.isEmpty else { throw ValidationError("Name at least one new tag.") }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let (tagging, written) = try SiteUpdate.opening(site).tag(source, as: tags)
            written.reportSignature(of: site, console)
            guard !outputOptions.json else { return console.out(json(tagging, written)) }
            for change in tagging.changes { console.out(line(change, console)) }
            for text in notes(tagging) { console.say(HumanText.printable(text)) }
        }
    }

    private func line(_ change: SiteTagging.Change, _ console: Console) -> String {
        let entry = change.entry
        let digest = entry.tag == nil ? "" : " \(entry.manifest.digest)"
        return change.kind.word(console) + " " + HumanText.printable(entry.name + digest)
    }

    /// The commands that move the tags back, one for each image that they named before.
    private func notes(_ tagging: SiteTagging) -> [String] {
        guard !tagging.isEmpty else { return ["nothing changed"] }
        var images: [String] = []
        var tags: [String: String] = [:]
        for change in tagging.changes {
            guard let previous = change.previous, let tag = change.entry.tag else { continue }
            let image = "\(change.entry.repository)@\(previous)"
            if tags[image] == nil { images.append(image) }
            tags[image, default: ""] += " :\(tag)"
        }
        let command = "To undo: regstatic tag \(ShellWord.quoted(site))"
        return images.map { "\(command) \($0)\(tags[$0] ?? "")" }
    }

    private func json(_ tagging: SiteTagging, _ written: WrittenFiles) -> JSON {
        .object([
            "source": .object([
                "name": .string(source.description),
                "digest": .string(tagging.source.manifest.digest.description),
            ]),
            "images": .array(tagging.changes.map(\.json)),
            "signatureRemoved": .bool(written.isSignatureRemoved),
        ])
    }
}

extension SiteTagging.Change {
    fileprivate var json: JSON {
        .object([
            "name": .string(entry.name), "repository": .string(entry.repository.description),
            "tag": (entry.tag?.description).map(JSON.string) ?? .null,
            "digest": .string(entry.manifest.digest.description),
            "mediaType": .string(entry.manifest.mediaType.description),
            "change": .string(kind.rawValue),
            "previousDigest": (previous?.description).map(JSON.string),
        ])
    }
}

extension SiteMerge.Change.Kind {
    /// The word for the change in a report.
    func word(_ console: Console) -> String {
        switch self {
        case .added: console.styled("added", .green)
        case .moved: console.styled("moved", .yellow)
        case .unchanged: console.styled("present", .dim)
        }
    }
}
