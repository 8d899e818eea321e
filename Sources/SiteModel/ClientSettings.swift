// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// What a site remembers of its clients: where they reach it, and whose names they may use there.
///
/// It stands in the annotations of the site's `index.json`; the client kit is drawn from it.
package struct ClientSettings: Hashable, Sendable {
    package var address: RegistryAddress?
    package private(set) var mirrors: Set<MirroredHost> = []

    package init() {}

    /// Images of more registries than this come from nobody who means well.
    package static let mirrorLimit = 1000

    /// Remembers registries, if they are not too many together.
    package mutating func add(_ mirrors: some Sequence<MirroredHost>) throws(ClientSettingsError) {
        self.mirrors.formUnion(mirrors)
        guard self.mirrors.count <= Self.mirrorLimit else {
            throw .tooManyMirrors(limit: Self.mirrorLimit)
        }
    }
}

/// Why a record can't be.
package enum ClientSettingsError: Error, Hashable, Sendable {
    case address(String)
    case authority
    case mirror(String)
    case tooManyMirrors(limit: Int)
}

// As annotations: strings, none where there is nothing to say.
extension ClientSettings {
    private enum Key {
        static let address = "regstatic.address"
        static let authority = "regstatic.ca"
        static let mirrors = "regstatic.mirrors"
    }

    /// Reads the annotations of an `index.json`; others stand among them.
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

    /// Takes the text without parsing it: whoever reads a site's list checks the certificates.
    private static func authority(_ text: String) throws(ClientSettingsError) -> TrustedCA {
        guard text.utf8.count <= TrustedCA.sizeLimit else { throw .authority }
        return TrustedCA(parsed: text)
    }

    package var annotations: [JSON.Member] {
        let mirrors = mirrors.sorted().map(\.description).joined(separator: " ")
        let members: [(String, String?)] = [
            (Key.address, address?.url), (Key.authority, address?.authority?.pem),
            (Key.mirrors, mirrors.isEmpty ? nil : mirrors),
        ]
        return members.compactMap { key, text in text.map { JSON.Member(key, .string($0)) } }
    }
}
