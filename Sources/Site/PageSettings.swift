// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import ClientKit
package import OCI

/// What a site remembers of its page for browsers, in the annotations of its `index.json`.
package struct PageSettings: Hashable, Sendable {
    package private(set) var title: String?
    /// Where people open the page and clients pull, if that isn't where the client kit says.
    package private(set) var address: RegistryAddress?
    /// Whether the site has no page at all.
    package private(set) var isLeftOut = false

    package init() {}

    /// What a user wants otherwise than it is; nil where nothing is said.
    package struct Changes: Sendable {
        /// An empty one forgets the title.
        package var title: String?
        /// `.some(nil)` forgets the address.
        package var address: RegistryAddress??
        package var isLeftOut: Bool?

        package init() {}
    }

    package mutating func apply(_ changes: Changes) {
        if let title = changes.title { self.title = title.isEmpty ? nil : title }
        if let address = changes.address { self.address = address }
        if let isLeftOut = changes.isLeftOut { self.isLeftOut = isLeftOut }
    }

    /// Takes over what other sites say where this one says nothing, and they agree.
    package mutating func inherit(from others: [PageSettings]) {
        let titles = Set(others.compactMap(\.title))
        if title == nil, titles.count == 1 { title = titles.first }
    }

    /// More bytes than any title has.
    package static let titleLimit = 200

    /// Whether a text can be a title: one line, not longer than `titleLimit`.
    package static func isTitle(_ text: String) -> Bool {
        text.utf8.count <= titleLimit
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Reads `https://registry.example` or the like; a registry's API has no path before it.
    package static func address(_ url: String) -> RegistryAddress? {
        let parts = url.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, let transport = transports[parts[0]] else { return nil }
        let host = parts[1].hasSuffix("/") ? String(parts[1].dropLast()) : parts[1]
        guard let host = try? RegistryHost(host) else { return nil }
        return try? RegistryAddress(host, transport)
    }

    private static let transports: [String: RegistryAddress.Transport] = [
        "http": .http, "https": .https(nil),
    ]
}

// As annotations: strings, none where there is nothing to say.
extension PageSettings {
    private enum Key {
        static let title = "regstatic.title"
        static let address = "regstatic.base-url"
        static let page = "regstatic.page"
    }

    /// Reads the annotations of an `index.json`; others stand among them, and what can't be is forgotten.
    package init(annotations: [JSON.Member]) {
        func value(_ key: String) -> String? {
            annotations.first { $0.key == key }?.value.string
        }
        title = value(Key.title).flatMap { Self.isTitle($0) && !$0.isEmpty ? $0 : nil }
        address = value(Key.address).flatMap(Self.address)
        isLeftOut = value(Key.page) == "none"
    }

    package var annotations: [JSON.Member] {
        let members: [(String, String?)] = [
            (Key.title, title), (Key.address, address?.url), (Key.page, isLeftOut ? "none" : nil),
        ]
        return members.compactMap { key, text in text.map { JSON.Member(key, .string($0)) } }
    }
}
