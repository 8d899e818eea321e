// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// An image's full name as engines write it: `registry.corp:5000/team/app:1.0`, `nginx`.
///
/// The grammar is the same as in Docker. A name without a host belongs to `docker.io`.
package struct Reference: Hashable, Sendable {
    /// The host and port, lower-case; `docker.io` if the text has no host.
    package let host: String
    /// The path on that host, including Docker Hub's implied `library/`.
    package let repository: RepositoryName
    package let tag: Tag?
    package let digest: Digest?

    package init(host: String, repository: RepositoryName, tag: Tag?, digest: Digest?) {
        self.host = host
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// Reads `[host/]path[:tag][@digest]`; nil if any part is invalid.
    package init?(_ text: String) {
        // Docker reserves a text of 64 hex digits for image IDs.
        guard Digest(hex: text) == nil else { return nil }
        var rest = Substring(text)
        var digest: Digest?
        if let at = rest.firstIndex(of: "@") {
            guard let parsed = Digest(rest[rest.index(after: at)...]) else { return nil }
            (digest, rest) = (parsed, rest[..<at])
        }
        var tag: Tag?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            guard let parsed = Tag(String(rest[rest.index(after: colon)...])) else { return nil }
            (tag, rest) = (parsed, rest[..<colon])
        }
        guard let (host, repository) = Self.split(rest) else { return nil }
        self.init(host: host, repository: repository, tag: tag, digest: digest)
    }

    package static let dockerHub = "docker.io"

    private static func split(_ path: Substring) -> (String, RepositoryName)? {
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, isHost(parts[0]) {
            guard isDomain(parts[0]) else { return nil }
            let host = parts[0].lowercased()
            let hub = host == dockerHub || host == "index.docker.io"
            guard let name = hub ? hubName(parts[1]) : RepositoryName(String(parts[1])) else {
                return nil
            }
            return (hub ? dockerHub : host, name)
        }
        return hubName(path).map { (dockerHub, $0) }
    }

    private static func hubName(_ path: Substring) -> RepositoryName? {
        RepositoryName(path.contains("/") ? String(path) : "library/\(path)")
    }

    /// Docker's rule: a first component is a host if it is `localhost` or contains a dot, a port or
    /// a capital.
    private static func isHost(_ component: Substring) -> Bool {
        component == "localhost" || component.contains(".") || component.contains(":")
            || component.contains(where: \.isUppercase)
    }

    /// Whether a text matches the grammar: `label(.label)*` or `[IPv6]`, with an optional port.
    ///
    /// Engines save images with any such host, so it need not be a valid `RegistryHost`. For example,
    /// the last label may be a number, and the port may be 0.
    ///
    /// <https://pkg.go.dev/github.com/distribution/reference>
    private static func isDomain(_ text: Substring) -> Bool {
        var name = text
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            let port = text[colon...].dropFirst()
            guard !port.isEmpty, port.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return false
            }
            name = text[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") {
            let address = name.dropFirst().dropLast()
            return !address.isEmpty && address.utf8.allSatisfy { isHexDigit($0) || $0 == 58 }
        }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabel(_ text: Substring) -> Bool {
        let isInner: (UInt8) -> Bool = { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && text.utf8.allSatisfy(isInner)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...70, 97...102: true
        default: false
        }
    }
}

extension Reference: CustomStringConvertible {
    package var description: String {
        var text = "\(host)/\(repository)"
        if let tag { text += ":\(tag)" }
        if let digest { text += "@\(digest)" }
        return text
    }
}
