// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP

/// Where a registry is said to be: `https://registry.plant.lan`, or under a path of a host.
package struct Address: Hashable, Sendable, CustomStringConvertible {
    package var isTLS: Bool
    /// Host and port as they stand in an image's name.
    package let host: String
    /// What stands before `/v2/`: nothing, or `/prefix`.
    package let prefix: String
    /// Whether HTTPS was only assumed.
    package let isGuessed: Bool

    /// Nil for what is no address, or has credentials, a query or a fragment.
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
        guard let host = parts.first, !rest.hasPrefix("/") else { return nil }
        parts.removeFirst()
        if parts.last == "v2" { parts.removeLast() }
        self.host = host.lowercased()
        prefix = parts.map { "/\($0)" }.joined()
    }

    package var description: String { origin + prefix }

    package var isLoopback: Bool { URLHost.isLoopback(URLHost.name(in: origin)) }

    private var origin: String { (isTLS ? "https://" : "http://") + host }

    /// The path of something in the API; the empty name is its root.
    func path(_ name: String) -> String { "\(prefix)/v2/\(name)" }

    /// The URL of an absolute path.
    func url(_ path: String) -> String { origin + path }
}
