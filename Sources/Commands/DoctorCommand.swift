// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Certificates
internal import Doctor
internal import Glibc
internal import HTTP
internal import OCI

/// `regstatic doctor`: whether a served site is what clients need.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Behave like the clients against a served registry, and say what breaks them.",
        discussion: """
            Asks what docker, containerd, podman, crane, oras and others ask, compares the answers
            with the contract point by point, and says for each fault which clients break, with
            which error, and how the server that it sees is mended. Sends no credentials; asks to
            write a document that no registry takes (PUT, POST, DELETE), to see that refused.

            URL is where clients reach the registry; without a scheme it is https, or else http.

            EXAMPLES:
              regstatic doctor https://registry.plant.lan --cacert ca.crt
              regstatic doctor localhost:5000 --all --deep
              regstatic doctor registry.plant.lan --repository team/app:1.0
              regstatic doctor https://registry.plant.lan --json | jq '.checks[] | select(.findings)'

            --json prints: ok, url, server {kind, name}, milliseconds (of GET /v2/), repositories,
            tags, and checks: each with id, group, title, verdict (pass, warn, fail, skip),
            questions and note; if warn or fail also findings [{verdict, asked, expected, found}],
            reason, breaks [{client, message}] and fix.

            \(ExitCodes.help)
            """
    )

    @Argument(help: "Where the registry is: [https://]HOST[:PORT][/PREFIX].")
    var url: Address

    @Option(
        help: ArgumentHelp(
            "Trust the authorities in this file (PEM) instead of the system's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var cacert: String?

    @Option(
        help: ArgumentHelp(
            "Look at this repository, or only at this tag. May be repeated.",
            valueName: "name[:tag]"
        )
    )
    var repository: [SampleName] = []

    @Flag(help: "Look at every repository and every tag.")
    var all = false

    @Flag(help: "Read every blob of the sample and hash it.")
    var deep = false

    @Flag(help: "Print one JSON document for machines.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print problems only.")
    var quiet = false

    func validate() throws {
        guard !all || repository.isEmpty else {
            throw ValidationError("--all and --repository exclude each other.")
        }
        if let cacert, unsafe access(cacert, R_OK) != 0 {
            throw ValidationError("--cacert: can't read \(cacert).")
        }
    }

    func run() throws {
        var console = Console()
        console.isQuiet = quiet
        console.isJSON = json
        try ExitCodes.reporting(console) {
            let line = ProgressLine(console)
            defer { line.clear() }
            var progress = DoctorProgress()
            progress.onRepository = line.begin
            progress.onBytes = line.advance
            let diagnosis = try doctor().run(now: Timestamp.now.seconds, progress)
            line.clear()
            let report = DoctorReport(diagnosis)
            if json { console.out(report.json) } else { report.print(console) }
            guard diagnosis.isHealthy else { throw ExitCodes.refused }
        }
    }

    private func doctor() throws -> Doctor {
        let agent = "regstatic/\(Version.number)"
        var doctor = Doctor(url, try CurlTransport(authorities: cacert, agent: agent))
        doctor.isDeep = deep
        if all { doctor.choice = .all }
        if !repository.isEmpty { doctor.choice = .named(repository.map { ($0.name, $0.tag) }) }
        return doctor
    }
}

/// `NAME` or `NAME:TAG`, as a user names what to look at.
struct SampleName: ExpressibleByArgument {
    let name: RepositoryName
    let tag: OCI.Tag?

    init?(argument: String) {
        let parts = argument.split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let name = parts.first.flatMap({ RepositoryName(String($0)) }) else { return nil }
        self.name = name
        tag = parts.count == 2 ? OCI.Tag(String(parts[1])) : nil
        guard parts.count == 1 || tag != nil else { return nil }
    }
}

extension Address: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
