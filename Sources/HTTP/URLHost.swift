// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// Functions for the host of a URL.
package enum URLHost {
    /// The host and port of an absolute URL, in lower case.
    package static func authority(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }).lowercased()
    }

    /// Whether the host of an absolute URL always means this machine.
    static func isLoopback(_ url: String) -> Bool {
        (try? RegistryHost(authority(of: url)))?.host.isLoopback == true
    }
}
