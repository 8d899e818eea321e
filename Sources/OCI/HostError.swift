// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The reason why a text isn't the host of a registry, a server or a certificate.
package struct HostError: Error, Hashable, Sendable {
    package enum Reason: Error, Hashable, Sendable {
        case empty
        /// A URL or a path.
        case scheme
        /// The text has a port, which the value contains with its colon.
        case port(String)
        /// The text looks like an address, but isn't a valid one.
        case address
        /// An IPv4-mapped IPv6 address; the value is the IPv4 address.
        case mapped(String)
        /// An IPv6 address with a zone, such as `fe80::1%eth0`.
        case zone
        case international
        case finalDot
        case emptyLabel
        case longLabel(String)
        case tooLong
        case hyphen
        case character(String)
        case wildcard
        /// A wildcard such as `*.lan`, which OpenSSL never matches.
        case wideWildcard
        case tooMany(limit: Int)
    }

    package let text: String
    package let reason: Reason

    package init(_ text: String, _ reason: Reason) {
        self.text = text
        self.reason = reason
    }
}
