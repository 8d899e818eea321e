// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import OCI
internal import Servers
internal import SiteModel
internal import Site

/// `regstatic verify`: checks a site.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a site, and all references between its files.",
        discussion: HelpText.discussion(
            """
            Hashes all blobs, reads every manifest, and compares all other files of the site with
            index.json and SHA256SUMS. Prints all faults and all unreferenced files. Faults include
            unreadable files, symbolic links where folders should be, and files that don't belong
            to the site but could be served to clients. Doesn't change the site.

            With --signers, the site must also be signed by a key of the file; see `regstatic sign`.
            Without it, only the key of a signature is shown, and that it made this signature.

            EXAMPLES:
              regstatic verify /media/stick/site && echo good
              regstatic verify /media/stick/site --signers allowed_signers --identity home

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @OptionGroup var signerOptions: SignerOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let policy = try signerOptions.policy()
            let progress = ProgressLine(console)
            progress.begin(site)
            defer { progress.clear() }
            let folder = try SiteFolder.forReading(
                site,
                keepingWritersOut: true,
                allowingLinks: true
            )
            defer { withExtendedLifetime(folder) {} }
            // The signature is checked first, over the bytes of the file.
            let signature = try SiteSignature(of: folder, policy)
            let report = try SiteVerifier.run(folder, threads: threads.jobs, progress: progress)
            progress.clear()
            if outputOptions.json {
                console.out(Self.json(report, signature))
            } else {
                print(report, signature, to: console)
            }
            guard report.faults.isEmpty, signature.fault == nil else { throw ExitCodes.faults }
            guard !report.isUnfinished else { throw ExitCodes.unfinished }
        }
    }

    private func print(
        _ report: SiteVerifier.Report,
        _ signature: SiteSignature,
        to console: Console
    ) {
        if let fault = signature.fault {
            console.out(HumanText.printable("fault: \(signature.path): \(fault.what)"))
        }
        for fault in report.faults {
            console.out(HumanText.printable("fault: \(Self.text(fault, in: report))"))
        }
        for path in report.unreferenced {
            console.out(HumanText.printable("unreferenced: \(path)"))
        }
        for digest in report.absent {
            console.say("missing: \(digest), which an index lists, but the site never had")
        }
        for line in ForeignLayerText.lines(report.foreign) { console.say(line) }
        if let line = signature.line { console.say(HumanText.printable(line)) }
        let checked = "\(HumanText.count(report.blobs, "blob")), \(HumanText.size(report.bytes))"
        let count = report.faults.count + (signature.fault == nil ? 0 : 1)
        guard count == 0 else {
            console.say("\(site) has \(HumanText.count(count, "fault")) (\(checked) read)")
            for remedy in [signature.fault?.remedy].compactMap(\.self) + remedies(report) {
                console.say(HumanText.printable("  \(remedy)"))
            }
            return
        }
        console.say(
            report.isUnfinished
                ? "\(site) has no faults, but a run ended early: \(checked)\n  To finish its"
                    + " work, repeat the command that ended early, or run regstatic prune"
                    + " \(ShellWord.quoted(site))."
                : "\(site) is whole: \(checked)"
        )
    }

    private func remedies(_ report: SiteVerifier.Report) -> [String] {
        var remedies: [String] = []
        if report.faults.contains(where: { if case .link = $0 { true } else { false } }) {
            remedies.append(
                "Remove the links, or replace them with the folders themselves; then run verify again."
            )
        }
        let isForeign: (SiteFault) -> Bool = { fault in
            switch fault {
            case .foreign, .blob(_, .notADigest): true
            default: false
            }
        }
        if report.faults.contains(where: isForeign) {
            remedies.append(
                "Move away files that don't belong to the site; regstatic prune \(ShellWord.quoted(site))"
                    + " removes"
                    + " such files below blobs/, v2/, manifests/, clients/ and catalogue/."
            )
        }
        let isProgram: (SiteFault) -> Bool = { fault in
            switch fault {
            case .tree(let path, _), .unreadable(let path, _):
                path.hasPrefix("\(SitePrograms.folder)/")
            default: false
            }
        }
        if report.faults.contains(where: isProgram) {
            let command = "regstatic build -o \(ShellWord.quoted(site))"
            remedies.append(
                "Don't run the damaged programs. To replace them: \(command) --program FILE. To remove"
                    + " them: \(command) --without-program"
            )
        }
        let others = report.faults.filter { fault in
            if case .link = fault { false } else { !isForeign(fault) && !isProgram(fault) }
        }
        let isContentWhole = others.allSatisfy { if case .tree = $0 { true } else { false } }
        if !others.isEmpty, isContentWhole {
            remedies.append(
                "All content is whole. To write the other files again, run: regstatic prune"
                    + " \(ShellWord.quoted(site))"
            )
        } else if !others.isEmpty {
            let build = "Build the images again from their archives, which replaces damaged files"
            let inputs = ShellWord.list(report.inputs)
            remedies.append(
                report.inputs.isEmpty
                    ? "\(build)."
                    : "\(build): regstatic build \(inputs) -o \(ShellWord.quoted(site))"
            )
        }
        return remedies
    }

    /// A fault, and some of the images that need what is damaged.
    static func text(_ fault: SiteFault, in report: SiteVerifier.Report) -> String {
        let images = report.images(of: fault)
        return text(fault)
            + (images.isEmpty ? "" : "; images that need it: \(ErrorText.some(images))")
    }

    private static func text(_ fault: SiteFault) -> String {
        switch fault {
        case .blob(let path, let reason): "\(path): \(text(reason))"
        case .manifest(let digest, let damage, _): "manifest \(digest): \(ErrorText.text(damage))"
        case .content(let digest, let manifest, let reason):
            "\(digest), which manifest \(manifest) needs: \(text(reason))"
        case .tree(let path, let isMissing): "\(path): \(isMissing ? "missing" : "changed")"
        case .foreign(let path): "\(path): not a file of this site"
        case .link(let path): "\(path): a symbolic link, which regstatic does not follow"
        case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
        case .noBlobs: "\(Digest.blobFolder): there are manifests, but no blobs"
        }
    }

    private static func text(_ fault: SiteFault.BlobFault) -> String {
        switch fault {
        case .missing: "missing"
        case .mismatch(let found): "its bytes have the digest \(found)"
        case .size(let expected, let found): "\(found) bytes instead of \(expected)"
        case .notADigest: "the name is not a digest"
        case .unreadable(let reason): "can't be read: \(reason)"
        }
    }

    private static func json(_ report: SiteVerifier.Report, _ signature: SiteSignature) -> JSON {
        .object([
            "ok": .bool(
                report.faults.isEmpty && signature.fault == nil && !report.isUnfinished
            ),
            "signature": signature.json,
            "unfinished": .bool(report.isUnfinished),
            "blobs": .integer(report.blobs),
            "bytes": .integer(report.bytes),
            "faults": .array(
                [signature.faultJSON].compactMap(\.self)
                    + report.faults.map { $0.json(in: report) }
            ),
            "unreferenced": .array(report.unreferenced.map { .string($0) }),
            "missing": .array(report.absent.map { .string($0.description) }),
            "foreignLayers": .array(
                report.foreign.map { image in
                    .object([
                        "name": .string(image.name),
                        "layers": ForeignLayerText.json(image.layers),
                    ])
                }
            ),
        ])
    }
}
