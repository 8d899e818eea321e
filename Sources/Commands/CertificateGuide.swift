// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Certificates
internal import SiteModel
internal import ClientKit

/// The next steps after certificates were made.
struct CertificateGuide {
    private let report: CertificateReport

    init(_ report: CertificateReport) { self.report = report }

    var afterMaking: [String] {
        server("start nginx: nginx -p SITE -c servers/nginx/https.conf") + clients + [
            "\(key) signs renewals. Keep it offline, never on the server. If you will never renew,",
            "delete it. Anyone who has it can impersonate these hosts, but not other hosts, because",
            "the CA is limited to these hosts. For another host, make a new CA in another folder.",
        ]
    }

    var afterRenewal: [String] { server("reload nginx") + clientsAfterRenewal }

    /// The steps for clients after a renewal, which keeps the CA but may change the hosts.
    private var clientsAfterRenewal: [String] {
        let (now, before) = (report.content.server.hosts, report.content.replaced?.hosts ?? [])
        let dropped = before.filter { !now.contains($0) }.map(\.description)
        let added = now.filter { !before.contains($0) }.map(\.description)
        guard !dropped.isEmpty || !added.isEmpty else {
            return ["You don't need to change clients, because the CA and the hosts are the same."]
        }
        let command = "  regstatic clients SITE --host HOST[:PORT] --ca"
        return [
            dropped.isEmpty
                ? nil : "The certificate is no longer for \(dropped.joined(separator: ", ")).",
            "You don't need to change clients that have this CA, unless they must use another host"
                + (added.isEmpty ? ":" : ", such as \(added.joined(separator: ", ")):"),
            "\(command) \(report.path(CertificateFolder.Name.authority))",
        ]
        .compactMap(\.self)
    }

    private var key: String { report.path(CertificateFolder.Name.authorityKey) }

    private func server(_ last: String) -> [String] {
        let files = [
            (CertificateFolder.Name.server, "644"), (CertificateFolder.Name.serverKey, "600"),
        ]
        return ["On the server, as root:"]
            + files.map { name, mode in
                "  install -D -m \(mode) \(report.path(name)) /etc/regstatic/\(name)"
            } + ["  then \(last)"]
    }

    /// How to set up the clients: with a command that writes their configuration into a site, or by
    /// hand.
    private var clients: [String] {
        let ca = report.path(CertificateFolder.Name.authority)
        let command = "  regstatic clients SITE --host \(registry ?? "HOST")[:PORT] --ca \(ca)"
        return [
            "Write the configuration of the clients into the site:", command,
            "Or copy \(ca) to each client by hand. If the port isn't 443, add :PORT to the host in"
                + " the lines below:",
        ] + setups.flatMap { $0.lines(withContents: true, certificate: ca).map { "  \($0)" } }
    }

    private var setups: [ClientSetup] {
        guard let host = registry.flatMap({ try? RegistryHost($0) }),
            let pem = try? report.content.authority.pem(),
            let authority = try? TrustedCA(
                parsed: Certificate.trustAnchors(pem: pem, file: report.folder)
            ),
            let address = try? RegistryAddress(host, .https(authority))
        else { return [] }
        return ClientKit(address).setups
    }

    /// The host that clients will probably use; nil if all are wildcards.
    ///
    /// Engines recognize a text such as `registry` as a host only if it has a port, so prefer other
    /// hosts.
    private var registry: String? {
        let hosts = report.content.server.hosts.filter { !$0.isWildcard }
        return (hosts.first { RegistryHost($0).isRecognised } ?? hosts.first)?.inURL
    }
}
