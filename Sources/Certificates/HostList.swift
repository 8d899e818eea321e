// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The hosts of a certificate in the given order: at least one, and without duplicates.
package struct HostList: Hashable, Sendable {
    /// The maximum number of hosts, because a certificate with more hosts is slow to send and hard
    /// to read.
    package static let limit = 100

    package let hosts: [Host]

    /// Reads `--host a,b --host c`.
    package init(_ texts: [String]) throws(HostError) {
        var hosts: [Host] = []
        for text in texts {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let host = try Host(String(part))
                if !hosts.contains(host) { hosts.append(host) }
                guard hosts.count <= Self.limit else {
                    throw HostError(host.description, .tooMany(limit: Self.limit))
                }
            }
        }
        guard !hosts.isEmpty else { throw HostError("", .empty) }
        self.hosts = hosts
    }

    /// Takes the hosts of a certificate; nil if the list is empty or too long.
    init?(_ hosts: [Host]) {
        guard (1...Self.limit).contains(hosts.count) else { return nil }
        self.hosts = hosts
    }
}

extension HostList: CustomStringConvertible {
    package var description: String { hosts.map(\.description).joined(separator: ", ") }
}
