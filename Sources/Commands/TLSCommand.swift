// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import ArgumentParser
internal import Certificates

/// `regstatic tls`: makes the certificates of a private CA and a server.
struct TLSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tls",
        abstract: "Make, renew or show the certificates of a private CA and a server.",
        discussion: HelpText.discussion(
            """
            Writes ca.crt for every client, and registry.crt with registry.key for the server. ca.key
            signs renewals: keep it offline. The CA can sign only for the given hosts and names below
            them, so a stolen ca.key can't be used to impersonate other hosts.

            EXAMPLES:
              regstatic tls --host registry.plant.lan,10.0.0.5 -o tls
              regstatic tls --show tls
              regstatic tls --renew -o tls

            \(ExitCodes.help)
            """
        )
    )

    @Option(
        help: ArgumentHelp(
            """
            DNS names and IP addresses of the server, comma-separated. Repeatable. (default with \
            --renew: those of the old certificate)
            """,
            valueName: "host,..."
        )
    )
    var host: [String] = []

    @Option(
        name: .shortAndLong,
        help: "The folder for the files; created if it doesn't exist.",
        completion: .directory
    )
    var output: String?

    @Option(
        help: """
            Days for which the server's certificate is valid. (default: 825, the longest time \
            that macOS accepts)
            """
    )
    var days: Int?

    @Flag(help: "Make a new certificate and key for the server, signed by the CA in the folder.")
    var renew = false

    @Option(
        help: ArgumentHelp(
            "Show the certificates in a folder, and change nothing.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var show: String?

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        if let show {
            guard host.isEmpty, output == nil, days == nil, !renew else {
                throw ValidationError("--show can be used only with --json and --quiet.")
            }
            guard !show.isEmpty else { throw ValidationError("Name the folder to show.") }
            return
        }
        guard let output, !output.isEmpty else {
            throw ValidationError("Name the folder for the certificates with -o.")
        }
        guard renew || !host.isEmpty else {
            throw ValidationError(
                "With --host, give the name or address that clients use for the server."
            )
        }
        guard (1...Self.longest).contains(days ?? 1) else {
            throw ValidationError("--days takes 1 to \(Self.longest).")
        }
        do throws(HostError) { if !host.isEmpty { _ = try HostList(host) } } catch {
            throw ValidationError(ErrorText(error).sentence)
        }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            if let show {
                let report = CertificateReport(show, try CertificateFolder(show).read(), now: .now)
                print(report, console)
                guard report.faults.isEmpty else { throw ExitCodes.faults }
            } else if let output {
                let report = CertificateReport(output, try make(output), now: .now)
                print(report, console)
                let guide = CertificateGuide(report)
                console.say(
                    (renew ? guide.afterRenewal : guide.afterMaking).joined(separator: "\n")
                )
            }
        }
    }

    private func make(_ output: String) throws -> CertificateFolder.Content {
        let hosts = host.isEmpty ? nil : try HostList(host)
        let days = days ?? Authority.defaultDays
        if renew { return try CertificateFolder(output).renew(for: hosts, days: days, now: .now) }
        guard let hosts else { preconditionFailure("validated") }
        return try CertificateFolder.make(output, for: hosts, days: days, now: .now)
    }

    private func print(_ report: CertificateReport, _ console: Console) {
        if outputOptions.json {
            console.out(report.json)
        } else {
            report.lines.forEach { console.out(HumanText.printable($0)) }
        }
        report.faults.forEach { console.warn(console.styled($0.lines, .red)) }
        report.warnings.forEach { console.warn(console.styled($0.lines, .yellow)) }
    }

    /// The validity of the CA in days, which limits `--days` because a certificate can't outlast
    /// its CA.
    private static let longest = 3650
}
