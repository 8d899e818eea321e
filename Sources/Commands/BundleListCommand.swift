// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Bundles

/// `regstatic bundle list`: shows what is in a bundle.
struct BundleListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the images of a bundle, and what it contains and requires.",
        discussion: HelpText.discussion(
            """
            Reads only the first documents of the bundle, so it doesn't check the content.

            EXAMPLES:
              regstatic bundle list trip2.bundle
              regstatic bundle list trip2.bundle --content
            """
        )
    )

    @Argument(help: "The bundle, or one of its volumes.", completion: .file())
    var bundle: String

    @Flag(
        help:
            "Also list every blob and patch that the bundle contains, and every blob that it requires."
    )
    var content = false

    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            let files = try BundleFiles(BundleFiles.paths(bundle))
            let signature = try BundleSignature(of: files)
            if outputOptions.json {
                let list = BundleReport.json(
                    files.document,
                    digest: files.digest,
                    sparse: files.sparseImages,
                    signature: signature
                )
                return console.out(list)
            }
            BundleReport.print(files, withContent: content, console)
            if let line = signature.line { console.say(HumanText.printable(line)) }
        }
    }
}
