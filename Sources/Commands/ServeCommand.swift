// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Servers
internal import SiteModel
internal import Site
internal import Store

/// `regstatic serve`: serves a site through the installed nginx.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a site in the foreground, through the installed nginx.",
        discussion: HelpText.discussion(
            """
            Runs nginx with the configuration in the site, and writes nothing into the site. Logs
            requests to standard error. Ctrl-C stops the server.

            EXAMPLES:
              regstatic serve site
              regstatic serve /media/stick/site --listen 0.0.0.0:5000
              regstatic serve site --listen 0.0.0.0:443 --tls tls

            \(ExitCodes.help)
            """
        )
    )

    @Argument(help: "The site's folder.", completion: .directory)
    var site: String

    @Option(
        help: ArgumentHelp("Address to listen on: [ADDRESS:]PORT.", valueName: "address")
    )
    var listen: Endpoint = .standard

    @Option(
        help: ArgumentHelp(
            "Serve HTTPS with registry.crt and registry.key from this folder.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var tls: String?

    @Flag(name: .shortAndLong, help: "Print only errors and the log.")
    var quiet = false

    func run() throws {
        var console = Console()
        console.isQuiet = quiet
        try ExitCodes.reporting(console) {
            guard let nginx = Executable("nginx") else { throw ServeError.noNginx }
            let folder = try SiteFolder.forReading(site)
            let path = try AbsolutePath.of(site)
            if let closed = AbsolutePath.closedToServers(path) { throw ServeError.closed(closed) }
            let certificate = try certificate()
            let temporary = try TemporaryFiles("regstatic-serve")
            defer { temporary.remove() }
            let serving = NginxServing(
                listen: listen.text,
                temporary: temporary.path,
                certificate: certificate
            )
            try temporary.write(serving.files(folder.index.layout))
            announce(folder, console)
            let main = "\(temporary.path)/\(NginxServing.main)"
            let status = try nginx.run(
                NginxVersion(of: nginx).earlyLog + ["-p", path, "-c", main]
            )
            guard status == 0 else { throw ServeError.ended(status) }
        }
    }

    private func certificate() throws -> (file: String, key: String)? {
        guard let tls else { return nil }
        return (
            try AbsolutePath.of("\(tls)/registry.crt"), try AbsolutePath.of("\(tls)/registry.key")
        )
    }

    private func announce(_ folder: SiteFolder, _ console: Console) {
        let host = listen.isAny ? "THIS-HOST:\(listen.port)" : listen.text
        console.say("serving \(site) at \(tls == nil ? "http" : "https")://\(host)/ until Ctrl-C")
        if let example = folder.example {
            // Clients take NAME:443 for another name than NAME, which the kit is for.
            let isUsual = tls != nil && listen.port == 443
            let name = isUsual && host.hasSuffix(":443") ? String(host.dropLast(4)) : host
            console.say("  docker pull \(name)/\(example.name)")
        }
        if tls == nil, !listen.isLoopback {
            console.say(
                "warning: clients refuse plain HTTP from other machines unless their configuration"
                    + " allows it; to write this configuration, run:"
                    + " regstatic clients \(ShellWord.quoted(site)) --host HOST:PORT --http"
            )
        }
    }
}
