// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import BundleModel
internal import Bundles
internal import OCI
internal import Signatures
internal import Site
internal import SiteModel
internal import Store

/// `regstatic bundle create`: writes a bundle.
struct BundleCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Write what another site lacks into a bundle.",
        discussion: HelpText.discussion(
            """
            A bundle has all images of the site, or those that you name with their signatures and
            other referrers. It leaves out all content that the other site has, according to --have.
            Without --have, it has everything. A layer that changed a little is carried as a patch of
            the layer before it, if regstatic made it. The same site and the same --have make the same
            bundle, bit for bit.
            On FAT, which can't hold files of 4 GiB or more, a larger bundle becomes volumes
            (trip2.bundle.001, trip2.bundle.002, …).

            EXAMPLES:
              regstatic bundle create site --have far.json -o trip2.bundle
              regstatic bundle create site --have old-site -o trip2.bundle
              regstatic bundle create site team/app:2.0 --have far.json -o app.bundle
              regstatic bundle create site --have far.json --volume-size dvd -o trip2.bundle
              regstatic bundle create site --have far.json --dry-run
              regstatic bundle create site --have far.json --sign ~/.ssh/id_ed25519 -o trip2.bundle

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Argument(
        help: ArgumentHelp(
            "An image to carry: REPOSITORY:TAG, REPOSITORY@DIGEST, or REPOSITORY if it has only one"
                + " image. Without images, all images of the site are carried.",
            valueName: "image"
        )
    )
    var images: [SiteReference] = []

    @Option(
        name: .shortAndLong,
        help: "The bundle to write.",
        completion: .file()
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "What the other site has: an inventory, a site, its index.json, or an earlier bundle. If"
                + " this option is given several times, the site has all of it.",
            valueName: "path"
        ),
        completion: .file()
    )
    var have: [String] = []

    @Option(
        help: ArgumentHelp(
            "Carry all content of this image, even if the other site has it.",
            valueName: "image"
        )
    )
    var full: [SiteReference] = []

    @Option(
        help: ArgumentHelp(
            "Remove this image (REPOSITORY:TAG) from the other site; nothing else is removed.",
            valueName: "image"
        )
    )
    var remove: [SiteReference] = []

    @Flag(help: "Carry changed layers whole, not as patches.")
    var noPatches = false

    @Option(
        help: ArgumentHelp(
            "Write volumes of at most this size: 700M, 4GiB, cd, dvd.",
            valueName: "size"
        )
    )
    var volumeSize: DataSize?

    @Option(
        help: ArgumentHelp(
            "Write nothing if the bundle would be larger, and print the largest content.",
            valueName: "size"
        )
    )
    var max: DataSize?

    @Option(
        help: ArgumentHelp(
            "Sign the bundle with this SSH key; ssh-keygen asks for the passphrase.",
            valueName: "key"
        ),
        completion: .file()
    )
    var sign: String?

    @Flag(help: "Only print what the bundle would contain, and its size.")
    var dryRun = false

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard dryRun || output?.isEmpty == false else {
            throw ValidationError("Name the bundle with -o.")
        }
        guard output != "-" else {
            throw ValidationError("A bundle is written to a file, not to standard output.")
        }
        guard remove.isEmpty || !have.isEmpty else {
            throw ValidationError("--remove requires --have, which says what the other site has.")
        }
        for reference in remove {
            guard case .tag = reference.target else {
                throw ValidationError("--remove takes an image with its tag: REPOSITORY:TAG.")
            }
        }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            if let sign { try SSHKeygen.check(sign) }
            // `folder` holds the lock, so keep it alive until the end.
            let folder = try SiteFolder.forReading(site, keepingWritersOut: true)
            defer { withExtendedLifetime(folder) {} }
            if let output {
                try folder.checkOutput(output)
                try OutputFile.checkPlace(output)
            }
            var receiver = ReceivingSite()
            for path in have { try receiver.add(path, home: folder.store) }
            let progress = ProgressLine(console)
            progress.begin(output ?? site)
            defer { progress.clear() }
            let scratch = try TemporaryFiles("regstatic-bundle", ofAnySize: true)
            defer { scratch.remove() }
            let creation = try BundleCreation(folder, scratch: scratch.path, options())
            let draft = try creation.draft(for: receiver, progress: progress)
            try BundleLimit.check(draft, limit: max?.bytes)
            var files: [String] = []
            if !dryRun, let output {
                progress.clear()
                let signature = try sign.map {
                    try SSHKeygen.sign(draft.document.document.bytes, with: $0, for: .bundle)
                }
                files = try creation.write(
                    draft,
                    to: output,
                    signature: signature,
                    progress: progress
                )
            }
            progress.clear()
            BundleReport.print(draft, files: files, console)
            guard let output, !files.isEmpty else { return }
            for path in BundleFiles.others(than: files, of: output) {
                console.say(
                    HumanText.printable(
                        "warning: \(path) is a part of another bundle with this name; remove it"
                    )
                )
            }
        }
    }

    private func options() -> BundleCreation.Options {
        var options = BundleCreation.Options(threads: threads.jobs)
        options.makesPatches = !noPatches
        options.cache = CacheFolder.path
        options.names = images
        options.full = full
        options.removed = remove
        options.volumeSize = volumeSize?.bytes
        if options.volumeSize == nil, let output {
            options.limitOfMedium = OutputFile.largestFile(at: output)
        }
        return options
    }
}
