// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser

/// `regstatic bundle`: carries changes from one site to another.
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Carry only what another site lacks.",
        discussion: HelpText.discussion(
            """
            A bundle has the images of a site without the content that another site already has.

            EXAMPLES:
              far$   regstatic inventory /srv/site -o far.json
              home$  regstatic bundle create site --have far.json -o trip2.bundle
              home$  regstatic bundle list trip2.bundle
              far$   regstatic bundle verify trip2.bundle /srv/site
              far$   regstatic bundle apply trip2.bundle /srv/site

            \(ExitCodes.help)
            """
        ),
        subcommands: [
            BundleCreateCommand.self, BundleListCommand.self, BundleVerifyCommand.self,
            BundleApplyCommand.self,
        ]
    )
}
