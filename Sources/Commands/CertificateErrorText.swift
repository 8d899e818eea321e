// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Certificates

extension ErrorText {
    init(_ error: CertificateError) {
        switch error {
        case .exists(let folder, let hosts, let until):
            self.init(
                "\(folder) already has certificates" + (hosts.map { ", for \($0)" } ?? "")
                    + (until.map { ", valid until \($0)" } ?? ""),
                remedy: "Renew the server's certificate with --renew, or choose another folder."
            )
        case .notEmpty(let folder, let file):
            self.init(
                "\(folder) is not empty: it has \(file)",
                remedy: "Name an empty or new folder with -o."
            )
        case .missing(let file):
            self.init("there is no \(file)", remedy: "Name the folder that `regstatic tls` made.")
        case .unreadable(let file, let reason):
            self.init(
                "\(file) can't be read: \(reason)",
                remedy:
                    "The file must be PEM text, and a key must not have a password. Restore the file from a copy."
            )
        case .foreign(let file):
            self.init(
                "\(file) is not a CA that regstatic made",
                remedy: "Renew with the tool that made this CA, or make a new CA in another folder."
            )
        case .notAnAuthority(let file):
            self.init(
                "\(file) is a server's certificate, not a CA; clients would need a new file after each renewal",
                remedy: "Use the certificate of the CA that signed this certificate."
            )
        case .keyMismatch(let key, let certificate):
            self.init(
                "\(key) is not the key of \(certificate)",
                remedy:
                    "Restore both from a copy. If they are the server's key and certificate, --renew can replace them instead."
            )
        case .otherAuthority(let certificate, let authority):
            self.init(
                "\(certificate) was not signed by \(authority)",
                remedy:
                    "Restore \(certificate) and its key from a copy, or move both away and use --renew"
                    + " with --host."
            )
        case .authorityExpired(let file, let since):
            self.init("the CA \(file) expired on \(since)", remedy: Self.newAuthority)
        case .outsideLimits(let hosts, let limits, let authority):
            let names = hosts.map(\.description).joined(separator: ", ")
            self.init(
                "the CA \(authority) can't sign for \(names): it is limited to \(limits)",
                remedy: Self.newAuthority
            )
        case .noHosts(let folder):
            self.init(
                "\(folder) has no registry.crt, so the hosts of the new certificate are unknown",
                remedy: "Name the hosts with --host."
            )
        case .library(let operation, let reason):
            self.init("libcrypto can't \(operation): \(reason)")
        }
    }

    private static let newAuthority =
        "Make a new CA in another folder with -o, and copy its ca.crt to every client."

    init(_ error: HostError) {
        let name = error.text
        switch error.reason {
        case .empty: self.init("--host has an empty name")
        case .scheme:
            self.init(
                "\(name) is not a host",
                remedy: "Leave out https:// and any path after the host."
            )
        case .port(let port):
            self.init("\(name): a certificate names hosts, not ports", remedy: "Leave out \(port).")
        case .address: self.init("\(name) is neither a host name nor an IP address")
        case .mapped(let plain):
            self.init("\(name) is an IPv4 address in IPv6 form", remedy: "Write \(plain).")
        case .zone:
            self.init(
                "\(name): a certificate can't name a network interface",
                remedy: "Leave out % and what follows it."
            )
        case .international:
            self.init(
                "\(name): a name in a certificate must be ASCII",
                remedy: "Write it in punycode (xn--…), as `idn2 \(name)` prints it."
            )
        case .finalDot: self.init("\(name) ends with a dot", remedy: "Leave it out.")
        case .emptyLabel: self.init("\(name) has two dots in a row, or a dot at its start")
        case .longLabel(let label): self.init("\(name): \(label) has more than 63 characters")
        case .tooLong: self.init("\(name) has more than 253 characters")
        case .hyphen:
            self.init("\(name): the parts of a host name can't begin or end with a hyphen")
        case .character(let character):
            self.init(
                "\(name): \"\(character)\" can't be in a host name",
                remedy: "Use only letters, digits and hyphens, with dots between the parts."
            )
        case .wildcard:
            self.init(
                "\(name): * can only be the whole first part of a name",
                remedy: "Write *.plant.lan, for example."
            )
        case .wideWildcard:
            self.init(
                "\(name): clients reject a wildcard for a whole top-level domain",
                remedy: "Write *.plant.lan, for example."
            )
        case .tooMany(let limit): self.init("a certificate can have at most \(limit) hosts")
        }
    }
}
