// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import BundleModel
internal import Bundles
internal import Glibc
internal import OCI
internal import Site
internal import Store

/// `regstatic inventory`: writes down what a site has.
struct InventoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory",
        abstract: "Write down what a site has, so that a bundle can leave it out.",
        discussion: HelpText.discussion(
            """
            An inventory is a small JSON file. It lists the images of a site, the digests of all
            manifests and blobs, and the diffIDs of the layers. Take it to the place where bundles
            are made. Images that the site keeps only until `prune` are left out.

            EXAMPLES:
              regstatic inventory /srv/site -o far.json
              regstatic bundle create site --have far.json -o trip2.bundle

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Option(
        name: .shortAndLong,
        help: "The file to write, or - for standard output.",
        completion: .file()
    )
    var output: String

    @Flag(name: .shortAndLong, help: "Print only errors and requested output.")
    var quiet = false

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("Name the inventory with -o.") }
    }

    func run() throws {
        var console = Console()
        console.isQuiet = quiet
        try ExitCodes.reporting(console) {
            let folder = try SiteFolder.forReading(site, keepingWritersOut: true)
            defer { withExtendedLifetime(folder) {} }
            if output != "-" { try folder.checkOutput(output) }
            let inventory = try folder.inventory()
            try Self.write(inventory, to: output)
            guard output != "-" else { return }
            let tags = HumanText.count(inventory.tags.count, "image")
            let blobs = HumanText.count(inventory.blobs.count, "blob")
            console.say("\(output): \(tags), \(blobs)")
        }
    }

    static func write(_ inventory: SiteInventory, to path: String) throws {
        let file = path == "-" ? OutputFile.standardOutput : try OutputFile(path: path)
        try file.write(inventory.bytes + [UInt8(ascii: "\n")])
        try file.finish()
    }
}
