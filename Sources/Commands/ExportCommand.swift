// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Glibc
internal import OCI
internal import SiteModel
internal import Site
internal import Store

/// `regstatic export`: writes images of a site into an archive for engines.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write images of a site into an archive for docker load, podman load or ctr import.",
        discussion: HelpText.discussion(
            """
            The archive is an OCI layout that also has Docker's manifest.json. Manifests and blobs stay
            unchanged, so every engine gets the same image IDs, and engines that keep manifests get the
            same digests. The same images make the same archive, bit for bit.

            EXAMPLES:
              regstatic export site team/app:1.0 -o app.tar
              regstatic export site nginx:alpine team/app:1.0 --platform linux/arm64 -o arm.tar
              regstatic export site team/app:1.0 -o - | ssh node docker load

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Argument(
        help: ArgumentHelp(
            "An image: REPOSITORY:TAG, REPOSITORY@DIGEST, or REPOSITORY if it has only"
                + " one image.",
            valueName: "image"
        )
    )
    var images: [SiteReference]

    @Option(
        name: .shortAndLong,
        help: "The archive to write, or - for standard output.",
        completion: .file()
    )
    var output: String

    @Option(
        help: "Export only this platform of each image, for example linux/arm64 or linux/arm/v7."
    )
    var platform: Platform?

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !images.isEmpty else { throw ValidationError("Name at least one image.") }
        guard !output.isEmpty else { throw ValidationError("Name the archive with -o.") }
        guard output != "-" || !outputOptions.json else {
            throw ValidationError(
                "--json can't be used with -o -, because standard output is the archive."
            )
        }
        guard output != "-" || isatty(1) == 0 else {
            throw ValidationError("Standard output is a terminal: use -o FILE, or a pipe.")
        }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            // `folder` holds the lock, so keep it alive until the end.
            let folder = try SiteFolder.forReading(site, keepingWritersOut: true)
            defer { withExtendedLifetime(folder) {} }
            if output != "-" { try folder.checkOutput(output) }
            let entries = try images.map(folder.index.entry)
            var graph = SiteGraph()
            for entry in entries { try graph.load(entry.manifest, from: folder.store) }
            try folder.checkNothingIsLost(graph, in: entries)
            let archive = try ImageArchive(entries, platform: platform, graph)
            let progress = ProgressLine(console)
            progress.begin(output == "-" ? "standard output" : output)
            defer { progress.clear() }
            let file = output == "-" ? OutputFile.standardOutput : try OutputFile(path: output)
            let size = try ImageArchiveWriter(folder.store, progress).write(archive, to: file)
            progress.clear()
            report(archive, entries: entries, size: size, to: console)
        }
    }

    private func report(
        _ archive: ImageArchive,
        entries: [SiteIndex.Entry],
        size: Int,
        to console: Console
    ) {
        for choice in archive.choices {
            console.say(
                "\(choice.name): docker load without the containerd image store loads only"
                    + " \(choice.platform); choose another platform with --platform"
            )
        }
        for name in archive.incomplete {
            console.warn(
                "\(name): docker load can't load it, because the site lacks layers that only their vendor may"
                    + " distribute (Windows)"
            )
        }
        if outputOptions.json {
            let names = entries.map { JSON.string($0.name) }
            let document = JSON.object([
                "archive": .string(output), "images": .array(names), "bytes": .integer(size),
            ])
            console.out(document)
        } else {
            let what = HumanText.count(entries.count, "image")
            console.say("\(output): \(what), \(HumanText.size(size))")
        }
    }
}

extension SiteReference: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension Platform: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
