// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import OCI
internal import Signatures
internal import Site
internal import SiteModel

/// `regstatic sign`: signs a site.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a site with an SSH key, so that others can check where it comes from.",
        discussion: HelpText.discussion(
            """
            Verifies the site first, as `regstatic verify` does, and signs nothing if it finds a
            fault. Then calls ssh-keygen, which asks for the key's passphrase, or to touch a security
            key. The key can also be a public key whose private key is in ssh-agent.

            The signature covers index.json, from which every byte that a server answers follows. It
            is in signatures/, and a command that changes the site removes it. Each site has one
            signature; signing again replaces it.

            EXAMPLES:
              regstatic sign site --key ~/.ssh/id_ed25519
              echo "home $(cat ~/.ssh/id_ed25519.pub)" >allowed_signers
              regstatic verify site --signers allowed_signers --identity home

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Option(
        help: ArgumentHelp(
            "The private key, such as ~/.ssh/id_ed25519; Ed25519, ECDSA, RSA or a security key.",
            valueName: "file"
        ),
        completion: .file()
    )
    var key: String

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var outputOptions: OutputOptions

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            try SSHKeygen.check(key)
            try finishLastRun()
            let folder = try SiteFolder.forWriting(site, creating: false)
            defer { withExtendedLifetime(folder) {} }
            try verify(folder, console)
            let signature = try SSHKeygen.sign(folder.index.bytes, with: key, for: .site)
            try folder.keep(signature)
            report(try SSHSignature(signature).key, at: try folder.signedIndex().path, console)
        }
    }

    /// Completes a change that a run began, because the site would change once more after it was
    /// signed.
    private func finishLastRun() throws { _ = try SiteUpdate.opening(site) }

    private func verify(_ folder: SiteFolder, _ console: Console) throws {
        let report = try SiteCheck.run(folder, named: site, threads: threads.jobs, console)
        let count = report.faults.count + (report.isUnfinished ? 1 : 0)
        guard count == 0 else { throw SigningError.faults(site: site, count: count) }
    }

    private func report(_ key: SSHPublicKey, at path: String, _ console: Console) {
        guard !outputOptions.json else {
            console.out(
                .object([
                    "key": .string(key.fingerprint), "type": .string(key.type.rawValue),
                    "path": .string(path),
                ])
            )
            return
        }
        console.say(
            HumanText.printable(
                "\(site) is signed with the key \(key.fingerprint) (\(key.type.rawValue))"
            )
        )
    }
}
