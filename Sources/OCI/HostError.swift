// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Why a text is not the name of a host that a certificate can have.
package struct HostError: Error, Hashable, Sendable {
    package enum Reason: Error, Hashable, Sendable {
        case empty
        /// A URL or a path.
        case scheme
        /// With its colon.
        case port(String)
        /// Digits or colons as in an address, but none.
        case address
        /// An IPv4 address in IPv6's clothes; the plain one.
        case mapped(String)
        /// `fe80::1%eth0`.
        case zone
        case international
        case finalDot
        case emptyLabel
        case longLabel(String)
        case tooLong
        case hyphen
        case character(String)
        case wildcard
        /// `*.lan`, which OpenSSL takes for no host at all.
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
