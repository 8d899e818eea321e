// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A site's settings for its web pages, stored as annotations in its `index.json`.
package struct PageSettings: Hashable, Sendable {
    package private(set) var title: String?
    /// The address at which users open the pages and pull images; nil to use the address of the
    /// client kit.
    package private(set) var address: RegistryAddress?
    /// Whether the site has no pages at all.
    package private(set) var isLeftOut = false

    package init() {}

    /// The settings that the user wants to change; nil leaves a setting unchanged.
    package struct Changes: Sendable {
        /// An empty string removes the title.
        package var title: String?
        /// The new address; `.some(nil)` removes the stored address.
        package var address: RegistryAddress??
        package var isLeftOut: Bool?

        package init() {}
    }

    package mutating func apply(_ changes: Changes) {
        if let title = changes.title { self.title = title.isEmpty ? nil : title }
        if let address = changes.address { self.address = address }
        if let isLeftOut = changes.isLeftOut { self.isLeftOut = isLeftOut }
    }

    /// If this site has no title, takes over the title of other sites, unless they have different
    /// titles.
    package mutating func inherit(from others: [PageSettings]) {
        let titles = Set(others.compactMap(\.title))
        if title == nil, titles.count == 1 { title = titles.first }
    }

    /// The longest title, in bytes.
    package static let titleLimit = 200

    /// Whether a text can be a title: one line, not longer than `titleLimit`.
    package static func isTitle(_ text: String) -> Bool {
        text.utf8.count <= titleLimit
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Parses a URL such as `https://registry.example`, without a path because a registry's API is
    /// always at the root.
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

// Settings are stored as annotations, whose values are strings. A setting with its default value
// has no annotation.
extension PageSettings {
    private enum Key {
        static let title = "regstatic.title"
        static let address = "regstatic.base-url"
        static let page = "regstatic.page"
    }

    /// Reads the annotations of an `index.json`; ignores other annotations and invalid values.
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
