// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto
internal import OCI

/// A private CA with its key: what clients are told to trust, and what signs for the server.
package struct Authority {
    package let certificate: Certificate
    package let key: PrivateKey
    let limits: NameConstraints

    /// The server's certificate without `--days`: macOS takes no longer one, whoever signed it
    /// (<https://support.apple.com/103769>).
    package static let defaultDays = 825

    /// Ten years: the CA is what must be carried to every client.
    static let ownDays = 3652

    /// A new one that can sign for these hosts only.
    package init(for hosts: HostList, now: Timestamp) throws(CertificateError) {
        key = try PrivateKey()
        limits = NameConstraints(hosts.hosts)
        let begin = Self.begin(now)
        certificate = try CertificateDraft(
            subject: (NID_commonName, Self.name(hosts, now)),
            begin: begin,
            end: begin.adding(days: Self.ownDays),
            extensions: [
                NID_basic_constraints: "critical,CA:TRUE,pathlen:0",
                NID_key_usage: "critical,keyCertSign,cRLSign",
                NID_name_constraints: "critical,\(limits.configuration)",
                NID_subject_key_identifier: "hash",
            ]
        )
        .signed(for: key)
    }

    /// One that was made before; the names of its files are for messages.
    init(
        _ certificate: Certificate,
        _ key: PrivateKey,
        certificateFile: String,
        keyFile: String
    ) throws(CertificateError) {
        guard certificate.isAuthority, certificate.name.hasPrefix(Self.namePrefix),
            let limits = certificate.limits
        else { throw .foreign(certificateFile) }
        guard certificate.matches(key) else {
            throw .keyMismatch(key: keyFile, certificate: certificateFile)
        }
        self.certificate = certificate
        self.key = key
        self.limits = limits
    }

    /// A server's certificate and its new key; it ends with the CA at the latest.
    package func issue(
        for hosts: HostList,
        days: Int,
        now: Timestamp
    ) throws(CertificateError) -> (certificate: Certificate, key: PrivateKey) {
        let key = try PrivateKey()
        let names = hosts.hosts.map { host in
            if case .name = host.kind { "DNS:\(host)" } else { "IP:\(host)" }
        }
        let begin = Self.begin(now)
        let draft = CertificateDraft(
            // For people only. No common name: where there are no DNS names, clients take it for one,
            // and GnuTLS finds it beyond the CA's limits.
            subject: (NID_organizationName, Self.fitted("regstatic server \(hosts.hosts[0])")),
            begin: begin,
            // The last second counts: a longer one by a second would be of 826 days.
            end: min(Timestamp(seconds: begin.adding(days: days).seconds - 1), certificate.end),
            extensions: [
                NID_basic_constraints: "critical,CA:FALSE",
                NID_key_usage: "critical,digitalSignature",
                NID_ext_key_usage: "serverAuth",
                NID_subject_alt_name: names.joined(separator: ","),
                NID_subject_key_identifier: "hash",
                NID_authority_key_identifier: "keyid:always",
            ]
        )
        return (try draft.signed(for: key, by: (self.certificate, self.key)), key)
    }

    /// An hour back, for clients whose clocks are slow.
    private static func begin(_ now: Timestamp) -> Timestamp {
        Timestamp(seconds: now.seconds - 3600)
    }

    static let namePrefix = "regstatic CA "

    /// Tells it apart from others in a list: the first host and the day.
    private static func name(_ hosts: HostList, _ now: Timestamp) -> String {
        let day = " \(now)"
        return fitted("\(namePrefix)\(hosts.hosts[0])", day.utf8.count) + day
    }

    /// X.509 allows 64 bytes in a common name; ours are ASCII.
    private static func fitted(_ name: String, _ reserved: Int = 0) -> String {
        String(name.prefix(64 - reserved))
    }
}
