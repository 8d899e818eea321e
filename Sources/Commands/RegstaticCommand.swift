// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import ArgumentParser

/// The program, with its commands.
package struct RegstaticCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "regstatic",
        abstract: "Turn saved images into a static registry that any web server can serve.",
        discussion: HelpText.discussion(
            """
            regstatic turns archives written by `docker save` and similar tools into a folder
            that docker, containerd, podman and Kubernetes can pull from.

            \(ExitCodes.help)
            """
        ),
        version: Version.text(for: CommandLine.arguments),
        subcommands: [
            BuildCommand.self, ListCommand.self, VerifyCommand.self, ExportCommand.self,
            TagCommand.self, RemoveCommand.self, PruneCommand.self, SignCommand.self,
            InventoryCommand.self, BundleCommand.self, ServeCommand.self, TLSCommand.self,
            ClientsCommand.self, DoctorCommand.self, PublishCommand.self, ManualCommand.self,
        ]
    )

    @Flag(help: "With --version, also name the libraries in the program.")
    var verbose = false

    package init() {}

    package func validate() throws {
        guard !verbose else { throw ValidationError("--verbose is only for --version.") }
    }

    /// Prints the first steps if the user names no command.
    ///
    /// These steps are a result, not an error, so the exit code is 0.
    package func run() throws {
        // Swift reads the arguments from /proc. Without /proc, even the program's name is missing.
        guard !CommandLine.arguments.isEmpty else {
            Console()
                .warn(
                    "error: the arguments can't be read, because /proc is missing\n  \(Self.remedy)"
                )
            throw ExitCodes.program
        }
        Console().out(Self.firstSteps)
    }

    private static let remedy = "Mount it: mount -t proc proc /proc"

    static let firstSteps = """
        regstatic \(Version.number): a static registry from saved images

          docker save app:1.0 -o app.tar
          regstatic build app.tar -o site     # a folder that any web server can serve
          regstatic serve site                # now: docker pull localhost:5000/app:1.0

        regstatic --help lists all commands. For details: regstatic COMMAND --help, or
        man regstatic.
        """
}
