// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import Certificates
internal import SiteModel
internal import ClientKit
internal import Compression
internal import OCI
internal import Servers
internal import Site
internal import Store

/// `regstatic clients`: what the machines that pull need, written into the site and printed.
struct ClientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients",
        abstract: "Write into a site how docker, containerd, podman, k3s pull from it; print it.",
        discussion: """
            With --host, remembers in the site under which name clients reach it, and writes
            clients/: a file for each place where an engine looks, for this name and for those that
            the images had before, so that docker.io/library/nginx comes from this site too; and
            install.sh, which puts them there. Every later build brings it up to date. Without
            --host, prints what the site has.

            EXAMPLES:
              regstatic clients site --host registry.plant.lan --ca tls/ca.crt
              regstatic clients site --host 10.0.0.5:5000 --http
              regstatic clients site --client k3s
              scp -r site/clients root@node1: && ssh root@node1 sh clients/install.sh

            \(ExitCodes.help)
            """
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Option(
        help: ArgumentHelp(
            "How clients reach the site: a host name or IP address, perhaps with a port.",
            valueName: "host[:port]"
        )
    )
    var host: String?

    @Flag(help: "The site is served over plain HTTP. Clients are told to accept that.")
    var http = false

    @Option(
        help: ArgumentHelp(
            "The CA's certificate, if clients don't know it yet; ca.crt of `regstatic tls`.",
            valueName: "file"
        ),
        completion: .file()
    )
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "Print what these need: \(ClientList.names), comma-separated. (default: all)",
            valueName: "list"
        )
    )
    var client: ClientList?

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard let host else {
            guard !http, ca == nil else {
                throw ValidationError("--http and --ca say how --host is reached: name that, too.")
            }
            return
        }
        guard !http || ca == nil else {
            throw ValidationError("--ca is for HTTPS: leave it out, or --http.")
        }
        do throws(RegistryHostError) {
            _ = try RegistryAddress(try RegistryHost(host), .http)
        } catch { throw ValidationError(ErrorText(error).sentence) }
    }

    func run() throws {
        let console = outputOptions.console
        try ExitCodes.reporting(console) {
            var folder = try SiteFolder.forReading(site)
            if let host {
                try remember(try address(host))
                folder = try SiteFolder.forReading(site)
            }
            let contents = SiteContents(folder.index, SiteGraph())
            guard let kit = contents.clientKit else { throw ClientsError.noAddress(site) }
            let report = ClientsReport(kit, client?.clients ?? Client.allCases, site: site)
            if outputOptions.json { console.out(report.json) } else { report.print(console) }
        }
    }

    private func address(_ host: String) throws -> RegistryAddress {
        let host = try RegistryHost(host)
        let authority = try ca.map { try Self.authority($0, for: host.host) }
        return try RegistryAddress(host, http ? .http : .https(authority))
    }

    private static func authority(_ file: String, for host: Host) throws -> TrustedCA {
        guard let bytes = try FileReader(file)?.contents(limit: TrustedCA.sizeLimit) else {
            throw CertificateError.unreadable(
                file,
                reason: "no file, or larger than any certificate"
            )
        }
        return TrustedCA(parsed: try Certificate.trustAnchors(pem: bytes, file: file, for: host))
    }

    /// Stores the address in the site, and renders the site again.
    private func remember(_ address: RegistryAddress) throws {
        let update = try SiteUpdate.opening(site)
        var contents = try update.contents()
        contents.index.kit.address = address
        _ = try update.write(contents)
    }
}

/// `docker,k3s`.
struct ClientList: ExpressibleByArgument {
    let clients: [Client]

    static let names = Client.allCases.map(\.rawValue).joined(separator: ", ")

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        clients = names.compactMap { Client(rawValue: String($0)) }
        guard clients.count == names.count else { return nil }
    }
}
