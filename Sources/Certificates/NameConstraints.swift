// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// The hosts for which a CA may sign certificates, written into the CA itself.
///
/// Clients trust a CA without limits for all names. A CA with limits can't be used for other names,
/// even if its key is stolen, because OpenSSL, Go and GnuTLS then refuse its certificates.
/// <https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10>.
package struct NameConstraints: Hashable, Sendable {
    /// The hosts without a leading `*.`, because a DNS name in a limit also covers all its
    /// subdomains.
    private let hosts: [Host]

    init(_ hosts: [Host]) {
        var seen: Set<Host> = []
        self.hosts = hosts.map(\.withoutWildcard).filter { seen.insert($0).inserted }
    }

    func allow(_ host: Host) -> Bool {
        let wanted = host.withoutWildcard
        return hosts.contains { limit in
            guard case .name(let outer) = limit.kind, case .name(let inner) = wanted.kind else {
                return limit == wanted
            }
            return inner == outer || inner.hasSuffix(".\(outer)")
        }
    }

    /// The limits in the notation of OpenSSL's configuration.
    ///
    /// If the limits don't mention a kind of name (DNS names or addresses), the CA can sign every
    /// name of that kind. So if the hosts include no DNS name, permit only a name that can't exist
    /// (RFC 6761). If they include no address, exclude all addresses.
    var configuration: String {
        var terms = hosts.map { host in
            switch host.kind {
            case .name(let name): "permitted;DNS:\(name)"
            case .address(let bytes): "permitted;IP:\(host)/\(Self.fullMask(bytes.count))"
            }
        }
        let names = hosts.count { if case .name = $0.kind { true } else { false } }
        if names == 0 { terms.append("permitted;DNS:\(Self.nowhere)") }
        if names == hosts.count {
            terms += ["excluded;IP:0.0.0.0/0.0.0.0", "excluded;IP:::/::"]
        }
        return terms.joined(separator: ",")
    }

    private static let nowhere = "invalid"

    private static func fullMask(_ count: Int) -> String {
        count == 4
            ? "255.255.255.255" : [String](repeating: "ffff", count: 8).joined(separator: ":")
    }
}

extension NameConstraints: CustomStringConvertible {
    package var description: String {
        hosts.map(\.description).filter { $0 != Self.nowhere }.joined(separator: ", ")
    }
}

extension Host {
    fileprivate var withoutWildcard: Host {
        guard case .name(let name) = kind, isWildcard else { return self }
        return Host(name: String(name.dropFirst(2)))
    }
}
