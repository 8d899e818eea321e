// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import BundleModel
internal import Bundles
internal import Glibc
internal import OCI
internal import Site

/// `regstatic bundle verify`: checks a bundle, and whether a site has what it requires.
struct BundleVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a bundle, and whether a site has everything that it requires.",
        discussion: HelpText.discussion(
            """
            Hashes all content of the bundle, and checks that the bundle contains or requires
            everything that its images need. With a site, checks that the site has what the bundle
            requires, and that its tags are as the bundle expects them. Changes nothing.

            EXAMPLES:
              regstatic bundle verify trip2.bundle
              regstatic bundle verify trip2.bundle /srv/site
              regstatic bundle verify trip2.bundle.0* /srv/site
              regstatic bundle verify trip2.bundle --signers allowed_signers --identity home

            \(ExitCodes.help)
            """
        )
    )

    @Argument(
        help: "The bundle, or its volumes; then, if you like, the folder of the site.",
        completion: .file()
    )
    var paths: [String]

    @OptionGroup var signerOptions: SignerOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard let first = paths.first, !BundlePaths.isFolder(first) else {
            throw ValidationError("Name the bundle, then the folder of the site.")
        }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let (bundles, site) = BundlePaths.split(paths)
            let policy = try BundlePolicy(signerOptions, isChanging: false)
            let files = try BundleFiles(bundles) {
                try policy.check($0, signed: $1, signature: $2)
            }
            let folder = try site.map { try SiteFolder.forReading($0) }
            let progress = ProgressLine(console)
            progress.begin(bundles[0])
            defer { progress.clear() }
            let report = try BundleCheck.run(files, on: folder, progress: progress)
            progress.clear()
            let signature = try BundleSignature(of: files, policy)
            if let damage = signature.damage {
                throw BundleFailure(path: files.files[0].path, cause: damage)
            }
            if let line = signature.line { console.say(HumanText.printable(line)) }
            BundleReport.print(report, of: files, signature: signature, site: site, console)
            guard report.isIntact else { throw ExitCodes.faults }
            guard report.isWhole else { throw ExitCodes.unfinished }
        }
    }
}

/// The paths of a command that takes a bundle and a site.
enum BundlePaths {
    /// Separates the files of a bundle from the folder of a site, which is the last path.
    ///
    /// If there is nothing at the last of several paths, the user means a site, too.
    static func split(_ paths: [String]) -> (bundles: [String], site: String?) {
        let site = paths.last.flatMap { isFolder($0) || paths.count > 1 && isAbsent($0) ? $0 : nil }
        let bundles = site == nil ? paths[...] : paths.dropLast()
        return (bundles.flatMap(BundleFiles.paths), site)
    }

    private static func isAbsent(_ path: String) -> Bool {
        let paths = BundleFiles.paths(path)
        return unsafe paths == [path] && access(path, F_OK) != 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
