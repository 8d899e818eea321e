// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The address of a registry, such as `https://registry.plant.lan`, or an address with a path on a
/// host.
package struct Address: Hashable, Sendable, CustomStringConvertible {
    package var isTLS: Bool
    /// Host and port as in an image's name.
    package let host: RegistryHost
    /// The path before `/v2/`: empty, or `/prefix`.
    package let prefix: String
    /// Whether HTTPS was assumed because the user gave no scheme.
    package let isGuessed: Bool

    /// Parses an address; nil if the text isn't an address, or has credentials, a query or a
    /// fragment.
    package init?(_ text: String) {
        var rest = text[...]
        isGuessed = !text.contains("://")
        isTLS = isGuessed || text.lowercased().hasPrefix("https://")
        if !isGuessed {
            guard let scheme = text.firstRange(of: "://"),
                ["http", "https"].contains(text[..<scheme.lowerBound].lowercased())
            else { return nil }
            rest = text[scheme.upperBound...]
        }
        guard rest.utf8.allSatisfy({ (33...126).contains($0) }), !rest.contains("@"),
            !rest.contains("?"), !rest.contains("#")
        else { return nil }
        var parts = rest.split(separator: "/")
        guard !rest.hasPrefix("/"), let first = parts.first,
            let host = try? RegistryHost(String(first))
        else { return nil }
        parts.removeFirst()
        if parts.last == "v2" { parts.removeLast() }
        self.host = host
        prefix = parts.map { "/\($0)" }.joined()
    }

    package var description: String { origin + prefix }

    package var isLoopback: Bool { host.host.isLoopback }

    private var origin: String { "\(isTLS ? "https" : "http")://\(host)" }

    /// The path of a name below `/v2/`; the empty name is the root of the API.
    func path(_ name: String) -> String { "\(prefix)/v2/\(name)" }

    /// The URL of an absolute path.
    func url(_ path: String) -> String { origin + path }
}
