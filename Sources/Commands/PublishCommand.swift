// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import SiteModel
internal import ClientKit
internal import OCI
internal import Publishing
internal import Servers
internal import Site
internal import Store

/// `regstatic publish`: a site into a bucket, or wherever else rclone gets.
struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Send a site to object storage, or to another machine, through rclone.",
        discussion: """
            REMOTE is one of rclone's: NAME:BUCKET[/FOLDER], as `rclone config` or
            environment variables define it. Blobs go first, then manifests, tags, lists;
            only what is missing is sent, and what repositories share is sent once. A run
            that ended early goes on where it was. The site is verified before, and can't be
            written meanwhile. On the remote nothing is deleted, but for one case: a moved
            tag's file of another type, where a remote holds files.

            Object stores (S3, R2, MinIO, Google, Azure) get an object for each URL, with its
            Content-Type and Cache-Control, links resolved, and the key v2/ (S3 and Google;
            elsewhere v2/index.html as index document has to do). Everyone has to be allowed
            to read, under a host name that the bucket has for itself. Remotes that keep no
            types (SFTP, WebDAV, folders) get a portable site, to be served there by the
            configuration in it.

            --for writes a folder for a static host's own upload, with _headers and 404.html:
            netlify (a rule for each manifest) or cloudflare-pages (100 rules, so one type of
            manifest in each repository; at most 20,000 files of at most 25 MiB; no tags that
            end with .html).

            EXAMPLES:
              regstatic publish site s3:registry
              regstatic publish site s3:registry --dry-run
              regstatic publish site gcs:registry --rclone-config ./rclone.conf
              regstatic publish site s3:registry -- --s3-acl public-read --bwlimit 10M
              regstatic publish site ship:/srv/site
              regstatic publish site public --for netlify

            --json prints: ok, remote, form (objects or files), dryRun; sent, copied, present
            and removed, each {objects, bytes}; with --dry-run also steps in their order, each
            with action (send, copy, remove) and key, and for what is sent phase, size,
            mediaType and cacheControl.

            \(ExitCodes.help)
            """
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Argument(help: "Where to: an rclone remote with bucket and folder.")
    var remote: String

    @Flag(name: [.customShort("n"), .long], help: "Say what would be sent, and send nothing.")
    var dryRun = false

    @Flag(
        help: """
            Publish a site in which verify finds faults. What is damaged is sent as it is, and \
            clients will refuse it; what is missing is left out.
            """
    )
    var force = false

    @Flag(
        help: """
            Send everything, also what is there: for objects that another program has put there \
            with other types.
            """
    )
    var resend = false

    @Option(
        help: ArgumentHelp("rclone's configuration file, if not its usual one.", valueName: "file"),
        completion: .file()
    )
    var rcloneConfig: String?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Write a folder that is uploaded to this host.", valueName: "host")
    )
    var host: StaticHost?

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Options for rclone, after --.", valueName: "rclone-option")
    )
    var rcloneOptions: [String] = []

    func validate() throws {
        guard !remote.isEmpty else { throw ValidationError("Name the remote.") }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let options = (rcloneConfig.map { ["--config", $0] } ?? []) + rcloneOptions
            let rclone = try Rclone(RcloneRemote(remote, options: options), console)
            let folder = try SiteFolder.forReading(site, keepingWritersOut: true)
            defer { withExtendedLifetime(folder) {} }
            let progress = ProgressLine(console)
            defer { progress.clear() }
            progress.begin(remote)
            // A remote that can't be reached is said before an hour of hashing.
            let traits = try rclone.traits()
            guard host == nil || traits.form == .files else { throw PublishError.noFolder(remote) }
            let inventory = try rclone.inventory(traits)
            try verify(folder, console)
            let delivery = Delivery(
                of: try publication(folder, traits.form),
                to: traits,
                holding: inventory,
                resending: resend
            )
            let report = PublishReport(
                remote,
                traits: traits,
                delivery: delivery,
                host: host,
                isDryRun: dryRun
            )
            if !dryRun {
                report.announce(console)
                progress.expect(delivery.sent.bytes + delivery.copied.bytes)
                try rclone.run(
                    delivery,
                    as: traits.form,
                    from: folder.store,
                    resending: resend,
                    progress: progress
                )
                progress.clear()
            }
            if outputOptions.json { console.out(report.json) } else { report.print(console) }
        }
    }

    private func verify(_ folder: SiteFolder, _ console: Console) throws {
        let progress = ProgressLine(console)
        progress.begin("checking \(site)")
        defer { progress.clear() }
        let report = try SiteVerifier.run(
            folder,
            derived: try Derived(of: folder),
            threads: threads.jobs,
            progress: progress
        )
        progress.clear()
        for fault in report.faults { console.warn("fault: \(VerifyCommand.text(fault))") }
        guard report.faults.isEmpty || force else {
            throw PublishError.faults(site: site, count: report.faults.count)
        }
    }

    private func publication(_ folder: SiteFolder, _ form: RemoteForm) throws -> Publication {
        var contents = SiteContents(folder.index, try folder.intactGraph())
        let plan = SitePlan(contents)
        let pages = PageChange(try Catalogue(of: folder), contents, plan: plan, from: folder.store)
            .files
        let kit = KitFiles().files(for: contents, plan)
        let publication: Publication
        switch (form, host) {
        case (.objects, _): publication = Publication(urlsOf: plan).with(pages: pages + kit)
        case (.files, let host?):
            publication = try Publication(urlsOf: plan).with(pages: pages + kit).hosted(by: host)
        case (.files, nil):
            try contents.index.checkPortableNames()
            contents.index.layout = .portable
            let plan = SitePlan(contents)
            let servers = try Servers(of: folder).files(for: contents, plan)
            publication = Publication(filesOf: plan, contents.index, drawn: servers + kit)
                .with(pages: pages)
        }
        return publication.without(try missing(contents.graph, folder.store))
    }

    private func missing(_ graph: SiteGraph, _ store: BlobStore) throws -> Set<Digest> {
        var missing: Set<Digest> = []
        for digest in graph.blobs(of: graph.nodes.keys).keys
        where try store.size(of: digest) == nil { missing.insert(digest) }
        return missing
    }
}

extension StaticHost: ExpressibleByArgument {}
