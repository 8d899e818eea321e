// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import OCI
internal import Store

/// `regstatic manual`: writes the manual pages for an installation.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the manual pages into a folder: regstatic.1 and one for each command.",
        shouldDisplay: false
    )

    @Argument(help: "The folder; created if it doesn't exist.", completion: .directory)
    var folder: String

    func run() throws {
        try ExitCodes.reporting(Console()) {
            guard let page = ManualPage(dump: RegstaticCommand._dumpHelp()) else {
                throw ValidationError(
                    "The argument parser's description of the commands has an unknown format."
                )
            }
            let files = ([page] + page.subpages)
                .map { FileContent("\($0.name).1", Array($0.text.utf8)) }
            try Folder(folder, creating: true).writeOnce(files)
        }
    }
}
