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

/// `regstatic publish`: copies a site to a remote of rclone.
struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Copy a site to object storage or another machine, through rclone.",
        discussion: HelpText.discussion(
            """
            REMOTE is an rclone remote, NAME:BUCKET[/FOLDER], which `rclone config` or environment
            variables define. Verifies the site first, and prevents other runs from changing it
            until all files are sent. Sends blobs first, then manifests, tags and lists. Sends only
            missing files, and a blob only once if several repositories share it. If a run was
            interrupted, the next run continues where it stopped. Doesn't delete anything on object
            stores. On other remotes, deletes only the old file of a moved tag.

            Object stores (S3, R2, MinIO, Google, Azure) get an object for each URL, with its
            Content-Type and Cache-Control. S3 and Google also get an object with the key v2/; on
            other object stores, make v2/index.html the index document. The bucket must be readable
            for everyone and have its own host name. Remotes that don't store media types (SFTP,
            WebDAV, folders) get a portable site, which a web server there must serve with the
            configuration in the site's servers/ folder. A signature goes with it only if the
            site is portable here, too, and has no programs. Programs are not published.

            --for writes a folder to upload to a static host, with _headers and 404.html. For
            netlify, _headers has a rule for each manifest. cloudflare-pages allows at most 100
            rules, so all manifests of a repository must have the same type. Other limits of
            cloudflare-pages: 20,000 files, 25 MiB for each file, no tags that end with .html.

            EXAMPLES:
              regstatic publish site s3:registry
              regstatic publish site s3:registry --dry-run
              regstatic publish site gcs:registry --rclone-config ./rclone.conf
              regstatic publish site s3:registry -- --s3-acl public-read --bwlimit 10M
              regstatic publish site ship:/srv/site
              regstatic publish site public --for netlify

            docs/json.md describes the document that --json prints.

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Argument(help: "An rclone remote with bucket and folder.")
    var remote: String

    @Flag(name: [.customShort("n"), .long], help: "Show what would be sent, and send nothing.")
    var dryRun = false

    @Flag(
        help: """
            Publish the site even if it has faults. Damaged files are sent unchanged, so clients will refuse \
            them; missing files are skipped.
            """
    )
    var force = false

    @Flag(
        help: """
            Send all files again, for example if another program stored objects with the wrong Content-Type.
            """
    )
    var resend = false

    @Option(
        help: ArgumentHelp(
            "Configuration file of rclone. (default: rclone's own)",
            valueName: "file"
        ),
        completion: .file()
    )
    var rcloneConfig: String?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Write a folder to upload to this static host.", valueName: "host")
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
            // Report an unreachable remote before hashing the whole site.
            let traits = try rclone.traits()
            guard host == nil || traits.form == .files else { throw PublishError.noFolder(remote) }
            let inventory = try rclone.inventory(traits)
            try verify(folder, console)
            let publication = try publication(folder, traits.form)
            let delivery = Delivery(
                of: publication,
                to: traits,
                holding: inventory,
                resending: resend
            )
            let report = PublishReport(
                remote,
                traits: traits,
                delivery: delivery,
                host: host,
                isDryRun: dryRun,
                sendsSignature: try sendsSignature(publication, of: folder)
            )
            if !dryRun {
                report.announce(console)
                let progress = ProgressLine(console)
                defer { progress.clear() }
                progress.begin(remote)
                progress.expect(delivery.sent.bytes + delivery.copied.bytes)
                try rclone.run(
                    delivery,
                    as: traits.form,
                    from: folder.store,
                    resending: resend,
                    progress: progress
                )
            }
            if outputOptions.json { console.out(report.json) } else { report.print(console) }
        }
    }

    private func verify(_ folder: SiteFolder, _ console: Console) throws {
        let report = try SiteCheck.run(folder, named: site, threads: threads.jobs, console)
        guard report.faults.isEmpty || force else {
            throw PublishError.faults(site: site, count: report.faults.count)
        }
    }

    private func publication(_ folder: SiteFolder, _ form: RemoteForm) throws -> Publication {
        var contents = SiteContents(folder.index, try folder.intactGraph())
        // The programs and their guide are for people who hold the medium.
        contents.index.programs = SitePrograms()
        let plan = SitePlan(contents)
        let pages = try PageChange(
            try Catalogue(of: folder),
            contents,
            plan: plan,
            from: folder.store
        )
        .files()
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
            publication = Publication(
                filesOf: plan,
                contents.index,
                derived: servers + kit,
                pages: pages,
                signature: try signature(folder)
            )
        }
        return publication.without(try missing(contents.graph, folder.store))
    }

    private func signature(_ folder: SiteFolder) throws -> FileContent? {
        let signed = try folder.signedIndex()
        return signed.signature.map { FileContent(signed.path, $0) }
    }

    /// Whether the signature is published; nil if the site isn't signed.
    private func sendsSignature(
        _ publication: Publication,
        of folder: SiteFolder
    ) throws -> Bool? {
        try signature(folder).map { file in publication.objects.contains { $0.key == file.path } }
    }

    private func missing(_ graph: SiteGraph, _ store: BlobStore) throws -> Set<Digest> {
        var missing: Set<Digest> = []
        for digest in graph.blobs(of: graph.nodes.keys).keys
        where try store.size(of: digest) == nil { missing.insert(digest) }
        return missing
    }
}

extension StaticHost: ExpressibleByArgument {}
