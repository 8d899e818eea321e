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

/// `regstatic clients`: writes the configuration of clients into a site, and prints it.
struct ClientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients",
        abstract: "Write the configuration of clients into a site, or print it.",
        discussion: HelpText.discussion(
            """
            With --host, stores the address in the site and writes the folder clients/. It has the
            configuration files of each engine, and install.sh, which installs them on a client. The
            files cover this address and the original registries of the images, so that clients pull
            docker.io/library/nginx from this site, too. Every later build updates the files.
            Without --host, prints the stored configuration.

            EXAMPLES:
              regstatic clients site --host registry.plant.lan --ca tls/ca.crt
              regstatic clients site --host 10.0.0.5:5000 --http
              regstatic clients site --client kubernetes
              scp -r site/clients root@node1: && ssh root@node1 sh clients/install.sh

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Option(
        help: ArgumentHelp(
            "Address of the site for clients: a host name or IP address, with an optional port.",
            valueName: "host[:port]"
        )
    )
    var host: String?

    @Flag(help: "Configure clients for plain HTTP.")
    var http = false

    @Option(
        help: ArgumentHelp(
            "The certificate of a private CA, such as ca.crt from `regstatic tls`.",
            valueName: "file"
        ),
        completion: .file()
    )
    var ca: String?

    @Flag(help: "Let podman and CRI-O pull names without a registry, such as nginx:alpine.")
    var shortNames = false

    @Option(
        help: ArgumentHelp(
            "Print only these clients, comma-separated: \(ClientList.names). (default: all)",
            valueName: "list"
        )
    )
    var client: ClientList?

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard let host else {
            guard !http, ca == nil, !shortNames else {
                throw ValidationError("--http, --ca and --short-names require --host.")
            }
            return
        }
        guard !http || ca == nil else {
            throw ValidationError("--ca can't be used with --http.")
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
                try remember(try address(host, console), console)
                folder = try SiteFolder.forReading(site)
            }
            let contents = SiteContents(folder.index, SiteGraph())
            guard let kit = contents.clientKit else { throw ClientsError.noAddress(site) }
            if shortNames { warnOfShortNames(kit, console) }
            let report = ClientsReport(kit, client?.clients ?? Client.allCases, site: site)
            if outputOptions.json { console.out(report.json) } else { report.print(console) }
        }
    }

    private func warnOfShortNames(_ kit: ClientKit, _ console: Console) {
        console.warn(
            "names without a registry now mean images of \(kit.shortNameHost) to podman and CRI-O."
                + " On a machine with another list, the same name can mean an image that somebody else made."
                + " Names with their registry are safer, above all in Kubernetes manifests."
        )
    }

    private func address(_ host: String, _ console: Console) throws -> RegistryAddress {
        var host = try RegistryHost(host)
        // For clients, NAME:443/image and NAME/image are different names, and people write the second.
        let short = RegistryHost(host.host)
        if !http, host.port == 443, short.isRecognised {
            console.say(
                "443 is the port of HTTPS, so images are named \(short)/…, without the port."
            )
            host = short
        }
        let authority = try ca.map { try Self.authority($0, for: host.host) }
        return try RegistryAddress(host, http ? .http : .https(authority))
    }

    private static func authority(_ file: String, for host: Host) throws -> TrustedCA {
        guard let bytes = try FileReader(file)?.contents(limit: TrustedCA.sizeLimit) else {
            throw CertificateError.unreadable(
                file,
                reason: "not a regular file, or too large for a certificate"
            )
        }
        return TrustedCA(parsed: try Certificate.trustAnchors(pem: bytes, file: file, for: host))
    }

    /// Stores the address in the site and renders the site again.
    private func remember(_ address: RegistryAddress, _ console: Console) throws {
        let update = try SiteUpdate.opening(site)
        var contents = try update.contents()
        contents.index.kit.address = address
        contents.index.kit.shortNames = shortNames
        try update.write(contents).reportSignature(of: site, console)
    }
}

/// A comma-separated list of clients, such as `docker,k3s`; `kubernetes` means the engines of a node.
struct ClientList: ExpressibleByArgument {
    let clients: [Client]

    private static let node = "kubernetes"
    static let names = (Client.allCases.map(\.rawValue) + [node]).joined(separator: ", ")

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        var clients: [Client] = []
        for name in names {
            if name == Self.node {
                clients += [.containerd, .podman]
            } else if let client = Client(rawValue: String(name)) {
                clients.append(client)
            } else {
                return nil
            }
        }
        self.clients = clients
    }
}
