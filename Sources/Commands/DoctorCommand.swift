// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Certificates
internal import Doctor
internal import Glibc
internal import HTTP
internal import OCI

/// `regstatic doctor`: checks a served registry.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check a running registry with the same requests that clients send.",
        discussion: HelpText.discussion(
            """
            Sends the requests of docker, containerd, podman, crane, oras and others, and compares
            the answers with what these clients require. For each fault, reports which clients fail,
            with which error, and how to fix the detected server. Sends no credentials. Also tries
            to write an invalid document (PUT, POST, DELETE), which a read-only server must refuse.

            URL is the address that clients use. Without a scheme, doctor tries https, then http.

            EXAMPLES:
              regstatic doctor https://registry.plant.lan --cacert ca.crt
              regstatic doctor localhost:5000 --all --deep
              regstatic doctor registry.plant.lan --repository team/app:1.0
              regstatic doctor https://registry.plant.lan --json | jq '.checks[] | select(.findings)'

            docs/json.md describes the document that --json prints.

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "Address of the registry: [https://]HOST[:PORT][/PREFIX].")
    var url: Address

    @Option(
        help: ArgumentHelp(
            "Trust the CAs in this file (PEM) instead of the system's CAs.",
            valueName: "file"
        ),
        completion: .file()
    )
    var cacert: String?

    @Option(
        help: ArgumentHelp(
            "Check this repository, or only this tag. Repeatable.",
            valueName: "name[:tag]"
        )
    )
    var repository: [SampleName] = []

    @Flag(help: "Check every repository and every tag.")
    var all = false

    @Flag(help: "Read and hash every blob of the checked images.")
    var deep = false

    @Flag(help: "Print the result as one JSON document (see docs/json.md).")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only problems.")
    var quiet = false

    func validate() throws {
        guard !all || repository.isEmpty else {
            throw ValidationError("--all and --repository can't be used together.")
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

/// `NAME` or `NAME:TAG`: a repository or a tag to check.
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
