// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Functions for the host of a URL.
package enum URLHost {
    /// The host of an absolute URL, without port and brackets.
    package static func name(in url: String) -> String {
        let authority = authority(of: url)
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// The host and port of an absolute URL, in lower case.
    package static func authority(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }).lowercased()
    }

    /// Whether a host name or address always means this machine.
    package static func isLoopback(_ name: String) -> Bool {
        name == "localhost" || name == "::1"
            || name.hasPrefix("127.")
                && name.allSatisfy {
                    $0.isNumber || $0 == "."
                }
    }
}
