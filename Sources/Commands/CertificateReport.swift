// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Certificates
internal import OCI

/// The hosts and the validity of the certificates in a folder.
struct CertificateReport {
    let folder: String
    let content: CertificateFolder.Content
    private let now: Timestamp

    init(_ folder: String, _ content: CertificateFolder.Content, now: Timestamp) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.content = content
        self.now = now
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    var hosts: [String] { content.server.hosts.map(\.description) }

    // MARK: Text

    var lines: [String] {
        HumanText.table(
            rows("CA", content.authority, name: content.authority.name)
                + rows("certificate", content.server, name: hosts.joined(separator: ", "))
        )
    }

    private func rows(_ kind: String, _ certificate: Certificate, name what: String) -> [[String]] {
        [
            [kind, what],
            ["  valid", "\(certificate.begin) to \(certificate.end), \(left(certificate))"],
            ["  SHA-256", certificate.fingerprint],
        ]
    }

    private func left(_ certificate: Certificate) -> String {
        let days = certificate.end.days(after: now)
        return days < 0 ? "expired" : "\(HumanText.count(days, "day")) left"
    }

    // MARK: Faults

    /// Faults that make clients refuse the server now.
    var faults: [ErrorText] {
        check { certificate, file, remedy in
            if certificate.end < now {
                ErrorText("\(file) expired on \(certificate.end)", remedy: remedy)
            } else if now < certificate.begin {
                ErrorText(
                    "\(file) is not valid before \(certificate.begin)",
                    remedy: "Check this machine's clock."
                )
            } else {
                nil
            }
        }
    }

    /// Certificates that expire soon.
    var warnings: [ErrorText] {
        check { certificate, file, remedy in
            let days = certificate.end.days(after: now)
            guard (0..<Self.soon).contains(days) else { return nil }
            let count = HumanText.count(days, "day")
            return ErrorText("\(file) expires in \(count)", remedy: remedy, kind: "warning")
        }
    }

    private func check(_ body: (Certificate, String, String) -> ErrorText?) -> [ErrorText] {
        [
            body(
                content.authority,
                "the CA \(content.authority.name)",
                "Make a new CA in another folder with -o, and copy its ca.crt to every client."
            ),
            body(
                content.server,
                path(CertificateFolder.Name.server),
                "On the machine that has ca.key, run: regstatic tls --renew -o FOLDER"
            ),
        ]
        .compactMap(\.self)
    }

    /// A certificate that expires in fewer days than this gets a warning.
    private static let soon = 30

    // MARK: JSON

    var json: JSON {
        .object([
            "folder": .string(folder),
            "hosts": .array(hosts.map(JSON.string)),
            "ca": json(content.authority),
            "certificate": json(content.server),
        ])
    }

    private func json(_ certificate: Certificate) -> JSON {
        .object([
            "name": certificate.name.isEmpty ? nil : .string(certificate.name),
            "serial": .string(certificate.serial),
            "notBefore": .string(certificate.begin.timestamp),
            "notAfter": .string(certificate.end.timestamp),
            "daysLeft": .integer(certificate.end.days(after: now)),
            "expired": .bool(certificate.end < now),
            "sha256": .string(certificate.fingerprint),
        ])
    }
}
