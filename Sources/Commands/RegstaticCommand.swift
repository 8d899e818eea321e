// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import ArgumentParser

/// The program: one verb for each thing that it does.
package struct RegstaticCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "regstatic",
        abstract: "Turn saved images into a static registry that any web server can serve.",
        discussion: """
            regstatic reads what `docker save` and its look-alikes write, and makes a folder from
            which docker, containerd, podman and Kubernetes pull.

            \(ExitCodes.help)
            """,
        version: Self.version,
        subcommands: [
            BuildCommand.self, ListCommand.self, VerifyCommand.self, ExportCommand.self,
            RemoveCommand.self, PruneCommand.self, ServeCommand.self, TLSCommand.self,
            ClientsCommand.self, DoctorCommand.self, PublishCommand.self,
        ]
    )

    package static let version = "0.1.0"

    package init() {}
}
