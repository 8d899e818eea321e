// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto
internal import OCI

/// A private CA that clients trust and that signs the server's certificate, with the CA's key.
package struct Authority {
    package let certificate: Certificate
    package let key: PrivateKey
    let limits: NameConstraints

    /// The number of days that the server's certificate is valid if `--days` isn't given.
    ///
    /// macOS refuses certificates that are valid for longer, even from a private CA
    /// (<https://support.apple.com/103769>).
    package static let defaultDays = 825

    /// Ten years, because a new CA has to be copied to every client.
    static let ownDays = 3652

    /// Makes a new CA that can sign only for the given hosts.
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

    /// Takes an existing CA; the names of its files are used in error messages.
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

    /// Makes a server's certificate and its new key.
    ///
    /// The certificate never expires later than the CA.
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
            // Only people read this subject. The subject isn't a common name, because clients take
            // a common name for a DNS name if the certificate has no other DNS names. GnuTLS would
            // then refuse the certificate, because "regstatic server …", taken as a DNS name, is
            // outside the CA's name constraints.
            subject: (NID_organizationName, Self.fitted("regstatic server \(hosts.hosts[0])")),
            begin: begin,
            // Subtract one second, because the last second belongs to the validity: without this,
            // clients would count 826 days instead of 825.
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

    /// Returns a start of the validity one hour ago, because some clients' clocks are slow.
    private static func begin(_ now: Timestamp) -> Timestamp {
        Timestamp(seconds: now.seconds - 3600)
    }

    static let namePrefix = "regstatic CA "

    /// Names the CA by its first host and the day, so that people recognize it in a list.
    private static func name(_ hosts: HostList, _ now: Timestamp) -> String {
        let day = " \(now)"
        return fitted("\(namePrefix)\(hosts.hosts[0])", day.utf8.count) + day
    }

    /// Shortens a name to the 64 bytes that X.509 allows; regstatic's names are ASCII.
    private static func fitted(_ name: String, _ reserved: Int = 0) -> String {
        String(name.prefix(64 - reserved))
    }
}
