// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The part of an image's name that selects a registry: `docker.io`, `registry.plant.lan:5000`,
/// `[::1]:5000`.
package struct RegistryHost: Hashable, Sendable {
    package let host: Host
    package let port: Int?

    package init(_ host: Host, port: Int? = nil) {
        self.host = host
        self.port = port
    }

    /// Reads a host with or without a port; an IPv6 address without a port may lack its brackets.
    package init(_ text: String) throws(RegistryHostError) {
        var name = text[...]
        var port: Int?
        if let colon = Self.portColon(text) {
            let digits = text[colon...].dropFirst()
            guard let number = Self.port(digits) else { throw .port(text, String(digits)) }
            (name, port) = (text[..<colon], number)
        }
        do throws(HostError) { self.init(try Host(String(name)), port: port) } catch {
            throw .host(error)
        }
        guard !host.isWildcard else { throw .wildcard(text) }
    }

    /// Whether engines recognize this as a host at the beginning of an image's name.
    ///
    /// Docker's rule: a host is `localhost` or contains a dot or a port; any other text is a part
    /// of a name on Docker Hub.
    package var isRecognised: Bool {
        description.contains(".") || description.contains(":") || description == "localhost"
    }

    /// The colon before a port.
    ///
    /// This colon is the only colon of the text, or it follows an IPv6 address in brackets. An IPv6
    /// address without brackets has several colons, but no port.
    private static func portColon(_ text: String) -> String.Index? {
        guard let last = text.lastIndex(of: ":"), !text.contains("/") else { return nil }
        let isAlone = text.firstIndex(of: ":") == last
        return isAlone || text[..<last].hasSuffix("]") ? last : nil
    }

    /// Reads a port from 1 to 65535 without leading zeros; nil for other texts.
    package static func port(_ digits: Substring) -> Int? {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            !digits.hasPrefix("0"), let port = Int(digits), port <= 65535
        else { return nil }
        return port
    }
}

extension RegistryHost: CustomStringConvertible, Comparable {
    package var description: String { host.inURL + (port.map { ":\($0)" } ?? "") }

    package static func < (left: RegistryHost, right: RegistryHost) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

/// The reason why a text can't be the host and port of a registry.
package enum RegistryHostError: Error, Hashable, Sendable {
    case host(HostError)
    /// The port is invalid; the values are the whole text and the text after the colon.
    case port(String, String)
    /// The text is a wildcard such as `*.plant.lan`, but clients need the name of a single host.
    case wildcard(String)
    /// A text such as `registry`, which engines take for a part of a name on Docker Hub.
    case unrecognised(RegistryHost)
}
