// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Sources

/// An image and where it is served.
package struct PlacedImage: Sendable {
    package let image: SavedImage
    package var tags: [(RepositoryName, Tag)] = []
    /// Repositories in which it is served by digest only.
    package var untagged: [RepositoryName] = []
}

/// A name that the user gives to an image that has none: `[FILE=]REPOSITORY[:TAG]`.
package struct GivenName: Hashable, Sendable {
    package let input: String?
    package let repository: RepositoryName
    package let tag: Tag?
    package let text: String

    /// Nil if the name isn't valid.
    package init?(_ text: String) {
        let halves = text.split(separator: "=", maxSplits: 1)
        guard let name = halves.last else { return nil }
        let colon = name.lastIndex(of: ":") ?? name.endIndex
        guard let repository = RepositoryName(String(name[..<colon])) else { return nil }
        let tag = Tag(String(name[colon...].dropFirst()))
        guard tag != nil || colon == name.endIndex else { return nil }
        self.input = halves.count == 2 ? String(halves[0]) : nil
        self.repository = repository
        self.tag = tag
        self.text = text
    }

    func isUsed(by images: [SavedImage]) -> Bool {
        images.contains { $0.lacksRepository && applies(to: $0) }
    }

    func applies(to image: SavedImage) -> Bool {
        guard let input else { return true }
        return image.input == input || image.input.split(separator: "/").last == input[...]
    }
}

/// Gives every image of a run its place.
package struct Placement {
    package private(set) var placed: [PlacedImage] = []

    package init(
        _ images: [SavedImage],
        policy: NamePolicy,
        given: [GivenName],
        beside index: SiteIndex
    ) throws(SiteError) {
        for name in given { try Self.check(name, images) }
        for image in images { placed.append(try Self.place(image, policy, given)) }
        try placeNameless(policy, index)
    }

    private static func place(
        _ image: SavedImage,
        _ policy: NamePolicy,
        _ given: [GivenName]
    ) throws(SiteError) -> PlacedImage {
        var placed = PlacedImage(image: image)
        let given = given.first { $0.applies(to: image) }
        let fallback = try given.map { (given) throws(SiteError) in
            try policy.prefixed(given.repository.description)
        }
        for name in image.names {
            let (own, tag) = try policy.place(name)
            let repository = own ?? fallback
            guard let repository else { continue }
            placed.add(repository, tag)
        }
        if image.names.isEmpty, let fallback {
            placed.add(fallback, given?.tag)
        }
        return placed
    }

    /// A referrer goes where its subject is; what else has no name, where it can be found.
    private mutating func placeNameless(
        _ policy: NamePolicy,
        _ index: SiteIndex
    ) throws(SiteError) {
        var homes: [Digest: Set<RepositoryName>] = [:]
        for entry in index.entries {
            homes[entry.manifest.digest, default: []].insert(entry.repository)
        }
        for placed in placed {
            homes[placed.image.root.digest, default: []]
                .formUnion(
                    placed.tags.map(\.0) + placed.untagged
                )
        }
        for position in placed.indices where placed[position].isNameless {
            let home = placed[position].image.subject.flatMap { homes[$0] } ?? []
            placed[position].untagged =
                home.isEmpty ? [try policy.prefixed(NamePolicy.untagged)] : home.sorted()
        }
    }

    private static func check(_ name: GivenName, _ images: [SavedImage]) throws(SiteError) {
        let nameless = images.filter { $0.lacksRepository && name.applies(to: $0) }
        guard !nameless.isEmpty else { throw .unusedName(name.text) }
        let untagged = nameless.filter(\.names.isEmpty)
        guard name.tag == nil || untagged.count <= 1 else {
            throw .ambiguousName(name.text, images: untagged.count)
        }
    }
}

extension PlacedImage {
    fileprivate var isNameless: Bool { tags.isEmpty && untagged.isEmpty }

    fileprivate mutating func add(_ repository: RepositoryName, _ tag: Tag?) {
        if let tag { tags.append((repository, tag)) } else { untagged.append(repository) }
    }
}

extension SavedImage {
    /// Whether no name of it says in which repository it belongs.
    package var lacksRepository: Bool {
        names.allSatisfy { name in
            if case .tag = name { true } else { false }
        }
    }
}
