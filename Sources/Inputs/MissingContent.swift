// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The content that refused images of an input need, and that neither the inputs of the run nor the
/// store have.
package struct MissingContent: Sendable {
    package enum Kind: String, Comparable, Sendable {
        case manifest, config, layer, blob

        package static func < (left: Kind, right: Kind) -> Bool {
            left.order < right.order
        }

        /// What names other content comes first.
        private var order: Int {
            switch self {
            case .manifest: 0
            case .config: 1
            case .layer: 2
            case .blob: 3
            }
        }
    }

    package struct Part: Hashable, Sendable {
        package let digest: Digest
        package let kind: Kind
        /// Whether the digest is the diffID of a layer, because the input doesn't name another one.
        package let isDiffID: Bool

        package init(_ digest: Digest, _ kind: Kind, isDiffID: Bool = false) {
            (self.digest, self.kind, self.isDiffID) = (digest, kind, isDiffID)
        }
    }

    /// The images that need a part.
    package struct Images: Sendable {
        /// Their names, sorted.
        package var names: [String] { known.sorted() }
        /// The number of images beyond the limit for names.
        package fileprivate(set) var more = 0
        fileprivate var known: Set<String> = []

        /// Adds images up to a limit; returns the number of new names.
        fileprivate mutating func add(_ images: [String], limit: Int, more: Int) -> Int {
            let before = known.count
            let taken = images.prefix(max(limit, MissingContent.minimumNames - before, 0))
            known.formUnion(taken)
            self.more += images.count - taken.count + more
            return known.count - before
        }
    }

    /// The images by the part that they need.
    package private(set) var parts: [Part: Images] = [:]
    /// Whether more parts are missing than the limit.
    package private(set) var isCut = false
    private var kinds: [Digest: Part] = [:]
    private var names = 0

    /// The number of parts that are collected for each input.
    package static let maximumParts = 10_000
    /// The number of names of images that are collected for each input, each counted for each part.
    package static let maximumNames = 100_000
    /// The number of names for each part that are collected beyond that limit.
    private static let minimumNames = 3

    package init() {}

    package var isEmpty: Bool { parts.isEmpty }

    /// Adds parts that each of these images needs.
    package mutating func add(_ added: [Part], neededBy images: [String]) {
        for part in added { add(part, neededBy: images, more: 0) }
    }

    /// Adds what another archive of the same input lacks.
    mutating func add(_ other: MissingContent, label: (String) -> String = { $0 }) {
        isCut = isCut || other.isCut
        for (part, images) in other.parts.sorted(by: { $0.key.digest < $1.key.digest }) {
            add(part, neededBy: images.names.map(label), more: images.more)
        }
    }

    private mutating func add(_ part: Part, neededBy images: [String], more: Int) {
        let key = kinds[part.digest] ?? part
        guard parts[key] != nil || parts.count < Self.maximumParts else {
            isCut = true
            return
        }
        kinds[part.digest] = key
        // In place, because copies of large sets would take time that is quadratic in their size.
        let limit = Self.maximumNames - names
        names += parts[key, default: Images()].add(images, limit: limit, more: more)
    }

    /// Drops images that were refused for another reason.
    mutating func keep(_ images: Set<String>) {
        for (part, needs) in parts {
            let known = needs.known.intersection(images)
            names -= needs.known.count - known.count
            parts[part]?.known = known
            if known.isEmpty, needs.more == 0 { parts[part] = nil }
        }
    }
}
