// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Certificates
internal import OCI
internal import SiteModel
internal import Site

/// `regstatic list`: lists the images of a site.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List a site's images: tags, platforms, sizes, digests.",
        discussion: HelpText.discussion(
            """
            The list also has the replaced images: their tags moved or were removed, and they are kept
            only until `regstatic prune`. In place of the tag, it shows the tag that such an image had,
            and until when. `regstatic tag` can give a replaced image its tag again.

            EXAMPLES:
              regstatic list site
              regstatic list site --json
              regstatic list site --signers allowed_signers
              regstatic list site --missing deployment.yaml --missing images.txt
              kubeadm config images list | regstatic list site --missing -
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Option(
        help: ArgumentHelp(
            """
            List only the images that this file names and clients can't pull from the site, and how to get \
            them (exit code 1 if there are any). The file is a plain list, Kubernetes manifests, a compose \
            file or a rendered chart; - is standard input. Repeatable.
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var missing: [String] = []

    @OptionGroup var signerOptions: SignerOptions
    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let policy = try signerOptions.policy()
            let folder = try SiteFolder.forReading(site)
            let signature = try SiteSignature(of: folder, policy)
            let graph = try folder.intactGraph()
            if !missing.isEmpty {
                // An image whose manifest is lost has a tag, but can't be pulled.
                try folder.checkNothingIsLost(graph, in: folder.index.entries)
                warn(signature, console)
                return try compare(SiteContents(folder.index, graph), console)
            }
            let times = try folder.replacedTimes()
            var memory = try folder.inputs()
            memory.complete(for: SiteContents(folder.index, graph))
            let images = folder.index.entries.map {
                ListRow(
                    $0,
                    graph: graph,
                    sources: memory.sources(of: $0, graph),
                    replaced: $0.isReplaced ? times[$0] : nil
                )
            }
            if outputOptions.json {
                // Check before printing, so that the output is one document, with either the images
                // or the failure.
                try folder.checkNothingIsLost(graph, in: folder.index.entries)
                return console.out(
                    .object([
                        "images": .array(images.map(\.json)), "signature": signature.json,
                    ])
                )
            }
            for line in HumanText.table([ListRow.header] + images.map(\.row)) {
                console.out(HumanText.printable(line))
            }
            let size = SiteSize(SiteContents(folder.index, graph))
            console.say(
                "\(HumanText.count(size.tags, "tag")) in "
                    + HumanText.count(size.repositories, "repository", plural: "repositories")
                    + ", \(HumanText.size(size.bytes)) in all"
            )
            for line in goingBack(images) { console.say(HumanText.printable(line)) }
            if let line = signature.line { console.say(HumanText.printable(line)) }
            warn(signature, console)
            let foreign = graph.foreignLayers(of: folder.index.entries)
            for line in ForeignLayerText.lines(foreign) { console.say(line) }
            // The lines above can't show lost images, so report them here.
            try folder.checkNothingIsLost(graph, in: folder.index.entries)
        }
    }

    private func warn(_ signature: SiteSignature, _ console: Console) {
        guard let fault = signature.fault else { return }
        let text = "warning: \(signature.path): \(fault.what)"
        console.warn(console.styled(HumanText.printable(text), .yellow))
    }

    /// Compares the site with the files of `--missing`.
    private func compare(_ contents: SiteContents, _ console: Console) throws {
        let images = try MissingImages(missing, in: contents, of: site)
        if outputOptions.json { console.out(images.json) } else { images.print(console) }
        if !images.isComplete { throw ExitCodes.refused }
    }

    /// How many images are replaced, and how to give the one that was replaced last its tag again.
    private func goingBack(_ images: [ListRow]) -> [String] {
        let replaced = images.filter(\.entry.isReplaced)
        guard !replaced.isEmpty else { return [] }
        let count = HumanText.count(replaced.count, "replaced image")
        let kept = "\(count) kept until `regstatic prune`"
        let latest = replaced.max { ($0.replaced?.time ?? 0) < ($1.replaced?.time ?? 0) }
        guard let latest, let tag = latest.replaced?.tags.first else { return [kept] }
        return [
            "\(kept). To go back to such an image, give it its tag again, for example:",
            "  regstatic tag \(ShellWord.quoted(site)) \(latest.entry.name) :\(tag)",
        ]
    }
}

/// A line of the list.
private struct ListRow {
    let entry: SiteIndex.Entry
    let platforms: [Platform]
    /// The size in bytes of the image with everything below it.
    let size: Int
    let kind: ManifestKind?
    /// The inputs of the image.
    let sources: [InputCache.Source]
    /// When the image was replaced, and its tags before; nil for other images, or if it is unknown.
    let replaced: ReplacedTimes.Record?
    /// The layers that the site lacks because only their maker distributes them.
    let foreign: [Descriptor]

    init(
        _ entry: SiteIndex.Entry,
        graph: SiteGraph,
        sources: [InputCache.Source],
        replaced: ReplacedTimes.Record?
    ) {
        self.entry = entry
        self.sources = sources
        self.replaced = replaced
        let node = graph.nodes[entry.manifest.digest]
        let below = (node?.manifest.manifests ?? []).filter { graph.nodes[$0.digest] != nil }
        platforms = ([entry.manifest] + below).compactMap(\.platform).filter { !$0.isUnknown }
        size = graph.bytes(of: [entry.manifest.digest])
        kind = node?.kind
        foreign = graph.foreignLayers(below: entry.manifest.digest)
    }

    static let header = ["REPOSITORY", "TAG", "PLATFORMS", "SIZE", "DIGEST", "ORIGIN", "INPUT"]

    var row: [String] {
        [
            entry.repository.description,
            entry.tag?.description ?? earlierTags,
            platforms.isEmpty ? "-" : platforms.map(\.description).joined(separator: ","),
            HumanText.size(size), entry.manifest.digest.description,
            origin, inputs,
        ]
    }

    /// The text for an image without a tag.
    private var earlierTags: String {
        guard entry.isReplaced else { return "-" }
        guard let replaced, let first = replaced.tags.first else { return "(until prune)" }
        let more = replaced.tags.count > 1 ? " and \(replaced.tags.count - 1) more" : ""
        return "(was \(first)\(more) until \(Timestamp(seconds: replaced.time).timestamp))"
    }

    private var origin: String {
        guard entry.isMade else { return "preserved" }
        return (["made here"] + Set(sources.compactMap(\.recipe)).sorted()).joined(separator: ", ")
    }

    /// The inputs of the image, without duplicates.
    private var inputs: String {
        var seen: Set<String> = []
        let names = sources.filter { seen.insert($0.input).inserted }.map(\.input)
        return names.isEmpty ? "-" : names.joined(separator: ", ")
    }

    var json: JSON {
        .object([
            "name": .string(entry.name),
            "repository": .string(entry.repository.description),
            "tag": (entry.tag?.description).map(JSON.string) ?? .null,
            "replaced": .bool(entry.isReplaced),
            "replacedAt": replaced.map { .string(Timestamp(seconds: $0.time).timestamp) },
            "previousTags": replaced.map { .array($0.tags.map { .string($0.description) }) },
            "digest": .string(entry.manifest.digest.description),
            "digestOrigin": .string(entry.digestOrigin),
            "mediaType": .string(entry.manifest.mediaType.description),
            "platforms": .array(platforms.map { .string($0.description) }),
            "bytes": .integer(size), "sources": .array(sources.map(\.json)),
            "foreignLayers": ForeignLayerText.json(foreign),
        ])
    }
}

extension InputCache.Source {
    fileprivate var json: JSON {
        .object([
            "input": .string(input), "digest": .string(manifest.digest.description),
            "platform": (manifest.platform?.description).map(JSON.string),
            "recipe": recipe.map(JSON.string),
        ])
    }
}
