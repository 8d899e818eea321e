// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A site's settings for its clients: its address, the mirrored registries, whose image names
/// clients can use, and whether they can leave out the registry.
///
/// The site's `index.json` stores the settings as annotations, and the client kit is rendered from
/// them.
package struct ClientSettings: Hashable, Sendable {
    package var address: RegistryAddress?
    package private(set) var mirrors: Set<MirroredHost> = []
    /// Whether clients that refuse names without a registry, such as `nginx:alpine`, accept them.
    package var shortNames = false

    package init() {}

    /// The maximum number of mirrored registries; only a malicious input has more.
    package static let mirrorLimit = 1000

    /// Adds registries; throws an error if the settings then have more than `mirrorLimit`.
    package mutating func add(_ mirrors: some Sequence<MirroredHost>) throws(ClientSettingsError) {
        self.mirrors.formUnion(mirrors)
        guard self.mirrors.count <= Self.mirrorLimit else {
            throw .tooManyMirrors(limit: Self.mirrorLimit)
        }
    }
}

/// The reason why client settings are invalid.
package enum ClientSettingsError: Error, Hashable, Sendable {
    case address(String)
    case authority
    case mirror(String)
    case tooManyMirrors(limit: Int)
}

// Settings are stored as annotations, whose values are strings. A setting without a value has no
// annotation.
extension ClientSettings {
    private enum Key {
        static let address = "regstatic.address"
        static let authority = "regstatic.ca"
        static let mirrors = "regstatic.mirrors"
        static let shortNames = "regstatic.short-names"
    }

    /// Reads the annotations of an `index.json`; ignores annotations of other kinds.
    package init(annotations: [JSON.Member]) throws(ClientSettingsError) {
        func value(_ key: String) -> String? {
            annotations.first { $0.key == key }.map { $0.value.string ?? "" }
        }
        if let url = value(Key.address) {
            address = try Self.address(url, authority: value(Key.authority))
        }
        var mirrors: [MirroredHost] = []
        for text in (value(Key.mirrors) ?? "").split(separator: " ") {
            guard let mirror = MirroredHost(text) else { throw .mirror(String(text)) }
            mirrors.append(mirror)
        }
        try add(mirrors)
        shortNames = value(Key.shortNames) == "true"
    }

    private static func address(
        _ url: String,
        authority: String?
    ) throws(ClientSettingsError) -> RegistryAddress {
        let parts = url.split(separator: "://", maxSplits: 1).map(String.init)
        let transports: [String: RegistryAddress.Transport] = [
            "http": .http, "https": .https(try authority.map(Self.authority)),
        ]
        guard parts.count == 2, let transport = transports[parts[0]],
            let host = try? RegistryHost(parts[1]),
            let address = try? RegistryAddress(host, transport)
        else { throw .address(url) }
        return address
    }

    /// Creates the CA without parsing the text, because `checkAuthority` later checks the
    /// certificates of a site.
    private static func authority(_ text: String) throws(ClientSettingsError) -> TrustedCA {
        guard text.utf8.count <= TrustedCA.sizeLimit else { throw .authority }
        return TrustedCA(parsed: text)
    }

    package var annotations: [JSON.Member] {
        let mirrors = mirrors.sorted().map(\.description).joined(separator: " ")
        let members: [(String, String?)] = [
            (Key.address, address?.url), (Key.authority, address?.authority?.pem),
            (Key.mirrors, mirrors.isEmpty ? nil : mirrors),
            (Key.shortNames, shortNames ? "true" : nil),
        ]
        return members.compactMap { key, text in text.map { JSON.Member(key, .string($0)) } }
    }
}
