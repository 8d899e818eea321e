// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Certificates

/// What to do with certificates, once they are made.
struct CertificateGuide {
    private let report: CertificateReport

    init(_ report: CertificateReport) { self.report = report }

    var afterMaking: [String] {
        server("start nginx: nginx -p SITE -c servers/nginx/https.conf") + clients + [
            "\(key) signs renewals. Keep it offline, never on the server; delete it if there shall",
            "be no renewal. Who has it can pose as these hosts, but as no other: the CA is limited to",
            "them. Another host needs a new CA, in another folder.",
        ]
    }

    var afterRenewal: [String] {
        server("reload nginx") + ["Clients need nothing new: the CA is the same."]
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

    private var clients: [String] {
        let ca = report.path(CertificateFolder.Name.authority)
        return [
            "On each client, \(ca) goes where it looks: here for \(registry), the same for other names",
            "that it uses, with :PORT after the host if that isn't 443.",
        ] + ClientTrust.all(registry: registry).flatMap(lines)
    }

    /// The name that clients will use most.
    private var registry: String {
        let hosts = report.content.server.hosts
        return hosts.first { !$0.isWildcard }?.inURL ?? "HOST"
    }

    private func lines(_ trust: ClientTrust) -> [String] {
        var lines = ["  \(trust.client):", "    \(trust.place)"]
        if let settings = trust.settings {
            lines.append("    and in \(settings.file):")
            lines += settings.lines.map { "      \($0)" }
        }
        if let command = trust.command { lines.append("    then \(command)") }
        return lines
    }
}
