// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Bundles
internal import Catalogue
internal import Certificates
internal import Compression
internal import Glibc
internal import OCI
internal import Servers
internal import SiteModel
internal import Site
internal import Inputs

/// `regstatic build`: makes a site from inputs.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Create a site from saved images, or add images to a site.",
        discussion: HelpText.discussion(
            """
            Inputs are archives saved by docker, podman, skopeo, crane, BuildKit and others, plain or
            compressed. An input can also be a folder with an OCI layout or another site, or the
            data of a registry (/var/lib/registry, as a folder or a tar). The input "-" is standard
            input.
            The site keeps the images that it has. If it already has a tag, the tag moves to the new
            image.

            EXAMPLES:
              regstatic build images/*.tar -o site
              docker save app:1.0 | regstatic build - -o site
              regstatic build images/*.tar -o /media/stick/site --layout portable
              regstatic build images/*.tar -o /media/stick/site --with-program
              regstatic build /media/stick/site -o /srv/site
              regstatic build /media/stick/site -o /srv/site --signers allowed_signers
              regstatic build /var/lib/registry -o site
              regstatic build tool.tar --name tools/tool:2.1 -o site
              regstatic build images/*.tar --mirror --yes -o site
              regstatic build images/*.tar -o site --title 'Images of the plant'
              regstatic build images/*.tar --pins deploy.yaml --strict -o site
              regstatic build *.tar --keep-host --compression zstd -o site

            \(ExitCodes.help)
            """
        )
    )

    enum Format: String, ExpressibleByArgument, CaseIterable { case oci, docker }

    @Argument(
        help: "Archives, OCI layouts, sites, or - for standard input.",
        completion: .file()
    )
    var inputs: [String] = []

    @Option(
        name: .shortAndLong,
        help: "The site's folder; created if it doesn't exist.",
        completion: .directory
    )
    var output: String

    @Option(
        name: .customLong("compression"),
        help: "How to store layers that are not compressed yet: gzip (the default), zstd or none."
    )
    var chosenCompression: LayerEncoding?

    @Option(
        help:
            "Compression level: gzip 1 to 3, zstd 1 to 19. Higher levels compress more, but slower."
    )
    var level: Int?

    @Option(
        help: "The manifest to make for an image that has none: oci or docker (schema 2)."
    )
    var format: Format = .oci

    @Flag(help: "Keep the registry's host as the first part of the name: ghcr.io/acme/tool.")
    var keepHost = false

    @Option(
        help: "Add a prefix to every name: PREFIX/team/app.",
        transform: RepositoryName.parse(_:)
    )
    var prefix: RepositoryName?

    @Option(
        help: ArgumentHelp(
            "Name images that have no valid name: [FILE=]REPOSITORY[:TAG]. Repeatable.",
            valueName: "name"
        ),
        transform: GivenName.parse(_:)
    )
    var name: [GivenName] = []

    @Flag(
        help: """
            If several inputs have an image for the same tag and platform, use the last one. \
            Images for other platforms are still added.
            """
    )
    var replace = false

    @Option(
        help: ArgumentHelp(
            """
            Find references with a digest in this file (any format), and report which of them the \
            site can serve. Repeatable.
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var pins: [String] = []

    @Flag(
        help: """
            Change nothing if an input or image is refused, if the site could not serve a pin, or \
            if clients can't pull an image without internet access.
            """
    )
    var strict = false

    @Flag(help: "Keep only the images of the inputs in the site, and remove all others.")
    var mirror = false

    @Flag(
        help: """
            Take over the address, CA and mirrors of an input that is a site. Clients will trust this \
            CA, so compare the printed fingerprint.
            """
    )
    var keepAddress = false

    @OptionGroup var signerOptions: SignerOptions

    @Flag(help: "With --mirror or --keep-address, don't ask for confirmation.")
    var yes = false

    @Flag(
        help:
            "With --mirror, delete the content of replaced images immediately, not after an hour."
    )
    var now = false

    @Option(
        help: ArgumentHelp(
            "Read only images for these platforms, comma-separated: linux/amd64,linux/arm64.",
            valueName: "list"
        ),
        transform: PlatformList.parse(_:)
    )
    var platform: PlatformList?

    @Option(
        help: """
            What to do if the input lacks platforms that an index lists: keep the index unchanged, \
            prune it to the platforms in the input (its digest changes), or fail.
            """
    )
    var sparse: Selection.Gaps = .keep

    @Option(
        help: """
            Keep or drop manifests in a registry's data that no tag reaches. Clients can pull them \
            only by digest. Manifests in --pins are always kept. (default: keep them only in \
            repositories that have no tags)
            """
    )
    var untagged: Selection.Untagged?

    @Option(
        help: """
            plain: a file or link for each URL, for media that support links and ':'. portable: \
            for FAT, exFAT, NTFS and CD. (default: the site's layout; for a new site plain, if the \
            medium supports it)
            """
    )
    var layout: SiteLayout?

    @Option(
        help: ArgumentHelp(
            """
            Servers to write configuration for, comma-separated; any of \(WebServer.allCases.map(\.rawValue).joined(separator: ", ")). \
            (default: the servers that the site has already, or all servers if the site is new)
            """,
            valueName: "list"
        )
    )
    var servers: ServerList?

    @OptionGroup var page: PageOptions
    @OptionGroup var programs: ProgramOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    var compression: LayerEncoding { chosenCompression ?? .gzip }

    func validate() throws {
        guard !inputs.isEmpty || programs.isGiven && !mirror else {
            throw ValidationError("Name at least one input.")
        }
        guard !output.isEmpty else { throw ValidationError("Name the site's folder with -o.") }
        guard inputs.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Standard input can be read only once.")
        }
        guard Recipe(compression, level: level) != nil else {
            let levels = Recipe.levels(compression)
            throw ValidationError(
                "\(compression.rawValue) has levels \(levels.lowerBound) to \(levels.upperBound)."
            )
        }
        guard mirror || keepAddress || !yes else {
            throw ValidationError("--yes requires --mirror or --keep-address.")
        }
        guard mirror || !now else { throw ValidationError("--now requires --mirror.") }
        guard format != .docker || compression != .zstd else {
            throw ValidationError("Docker schema 2 doesn't allow zstd layers, so use --format oci.")
        }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let progress = ProgressLine(console)
            // Report a mistake in a template before anything is written.
            let named = try page.named()
            let programs = try programs.change()
            let signers = try signerOptions.policy()
            let policy = try BundlePolicy(signerOptions, isChanging: true)
            let site = try SiteFolder.forWriting(output, layout: layout, creating: !inputs.isEmpty)
            if layout == nil, site.isNew, site.index.layout == .portable {
                console.say(
                    "\(output) gets the portable layout, because the medium doesn't support links"
                        + " or ':'"
                )
            }
            var options = options
            options.programs = programs
            options.pins = try Pin.all(in: pins)
            options.selection.signers = signers
            options.selection.pinned = Set(options.pins.map(\.digest))
            let servers = try servers.map { Servers($0.servers) } ?? Servers(of: site)
            options.servers = servers.names
            let derived = try Derived(of: site, servers: servers, pages: named)
            let bundles = try BundleInputs(
                inputs,
                into: site,
                threads: threads.jobs,
                progress: progress
            ) { try policy.check($0, signed: $1, signature: $2) }
            progress.clear()
            for line in BundleReport.lines(bundles) { console.warn(line) }
            options.selection.accepted = bundles.indexes
            options.temporary = bundles.temporary
            let build = SiteBuild(site, options, derived, now: Timestamp.now.seconds)
            defer { progress.clear() }
            let outcome: SiteBuild.Outcome
            do {
                outcome = try build.run(bundles.paths, progress: progress) { progress.begin($0) }
            } catch let failure as SiteBuild.Failure {
                progress.clear()
                throw failure
            }
            progress.clear()
            let report = BuildReport(
                outcome,
                output: output,
                // --format docker allows only gzip, and --level chooses the size.
                suggestsZstd: chosenCompression == nil && level == nil && format == .oci
            )
            if outputOptions.json { console.out(report.json) } else { report.print(console) }
            guard outcome.errors.isEmpty else { throw ExitCodes.refused }
        }
    }
}
