// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import BundleModel
internal import Bundles
internal import OCI
internal import Site
internal import SiteModel
internal import Store
internal import Streams

/// `regstatic bundle apply`: brings the images of a bundle into a site.
struct BundleApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring the images of a bundle into a site.",
        discussion: HelpText.discussion(
            """
            If the site lacks content that the bundle requires, or if a tag is not as the bundle
            expects it, nothing is changed. Clients can pull while the command runs; they see the old
            images until all new ones are complete. If the command is interrupted, run it again.
            Volumes can be applied in any order, together or one at a time.
            If the file /etc/regstatic/allowed_signers exists, only bundles that it accepts are applied.
            Afterwards the site's new inventory is beside the bundle, for the next trip.

            EXAMPLES:
              regstatic bundle apply /media/stick/trip2.bundle /srv/site
              regstatic bundle apply /media/dvd/trip2.bundle.001 /srv/site
              regstatic bundle apply trip2.bundle /srv/site --signers allowed_signers

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The bundle, or its volumes; then the folder of the site.", completion: .file())
    var paths: [String]

    @Flag(help: "Move tags even if they aren't as the bundle expects them.")
    var force = false

    @Flag(help: "Remove all images that the bundle doesn't have; asks before.")
    var mirror = false

    @Flag(help: "With --mirror, don't ask.")
    var yes = false

    @Flag(help: "Don't write the site's inventory beside the bundle.")
    var noReceipt = false

    @OptionGroup var signerOptions: SignerOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard paths.count >= 2 else {
            throw ValidationError("Name the bundle, then the folder of the site.")
        }
        guard !BundleFile.isBundle(paths[paths.count - 1]) else {
            throw ValidationError("Name the folder of the site after the bundle.")
        }
        guard mirror || !yes else { throw ValidationError("--yes requires --mirror.") }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let site = paths[paths.count - 1]
            let policy = try BundlePolicy(signerOptions, isChanging: true)
            let files = try BundleFiles(paths.dropLast().flatMap(BundleFiles.paths)) {
                try policy.check($0, signed: $1, signature: $2)
            }
            let update = try NoSiteForBundle.opening(
                site,
                for: files,
                named: Array(paths.dropLast())
            )
            var options = BundleApplication.Options(threads: threads.jobs)
            options.force = force
            if mirror { options.mirroring = { yes || Confirmation.ofRemoval($0, console) } }
            let progress = ProgressLine(console)
            progress.begin(files.files[0].path)
            defer { progress.clear() }
            let application = BundleApplication(files, to: update, options)
            let outcome: BundleApplication.Outcome
            do {
                outcome = try application.run(progress: progress)
            } catch BundleRefusal.missing(let needs) {
                progress.clear()
                let receipt = writeReceipt(files, of: site, console)
                throw MissingBases(needs: needs, site: site, receipt: receipt)
            }
            progress.clear()
            if let signer = try policy.signer(of: files) {
                console.say(HumanText.printable("signed by \(signer.text)"))
            }
            let receipt = outcome.isComplete ? writeReceipt(files, of: site, console) : nil
            BundleReport.print(outcome, of: files, site: site, receipt: receipt, console)
            guard outcome.damaged.isEmpty else { throw ExitCodes.faults }
            guard outcome.waiting.isEmpty else { throw ExitCodes.unfinished }
        }
    }

    /// Writes the site's inventory beside the bundle.
    ///
    /// - Returns: the path; nil if the medium can't be written, which is no error.
    private func writeReceipt(_ files: BundleFiles, of site: String, _ console: Console) -> String?
    {
        guard !noReceipt else { return nil }
        let path = files.receiptPath
        do {
            try InventoryCommand.write(try SiteFolder.forReading(site).inventory(), to: path)
            return path
        } catch {
            console.say(
                "the inventory for the next trip can't be written to \(path); to write it elsewhere:"
                    + " regstatic inventory \(ShellWord.quoted(site)) -o far.json"
            )
            return nil
        }
    }
}
