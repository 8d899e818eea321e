// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Signatures

/// Options of commands that check who signed a site or a bundle.
struct SignerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Accept only sites and bundles that are signed by a key in this file, which has the format of \
            ssh-keygen(1), ALLOWED SIGNERS.
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var signers: String?

    @Option(
        help: ArgumentHelp(
            "With --signers: whose key it must be, as the file names the signer.",
            valueName: "who"
        )
    )
    var identity: String?

    func validate() throws {
        guard identity == nil || signers != nil else {
            throw ValidationError("--identity requires --signers.")
        }
        guard identity?.isEmpty != true else {
            throw ValidationError("--identity needs a name, as it stands in the signers' file.")
        }
    }

    /// Reads the file; nil without `--signers`.
    ///
    /// - Throws: `FileError`, `SignersError`.
    func policy() throws -> SignerPolicy? {
        try signers.map { SignerPolicy(try AllowedSigners(file: $0), identity: identity) }
    }
}
