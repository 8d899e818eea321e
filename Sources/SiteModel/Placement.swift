// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// An image and the names under which it is served.
package struct PlacedImage: Sendable {
    package let image: SavedImage
    package var tags: [(RepositoryName, Tag)] = []
    /// Repositories that serve it by digest only.
    package var untagged: [RepositoryName] = []
}

/// Assigns repositories and tags to every image of a run.
package struct Placement {
    package private(set) var placed: [PlacedImage] = []

    /// Places images in addition to the entries of a site; `below` returns all manifests below an
    /// index.
    package init(
        _ images: [SavedImage],
        policy: NamePolicy,
        given: [GivenName],
        beside index: SiteIndex,
        below: (Digest) -> Set<Digest>
    ) throws(NamingError) {
        for name in given { try Self.check(name, images) }
        for image in images { placed.append(try Self.place(image, policy: policy, given: given)) }
        placeReferrers(index, below)
        for position in placed.indices where placed[position].isNameless {
            placed[position].untagged = [try policy.prefixed(NamePolicy.untagged)]
        }
    }

    private static func place(
        _ image: SavedImage,
        policy: NamePolicy,
        given: [GivenName]
    ) throws(NamingError) -> PlacedImage {
        var placed = PlacedImage(image: image)
        let fitting = given.filter { $0.applies(to: image) }
        let exact = fitting.filter { $0.input != nil }
        var fallbacks: [(repository: RepositoryName, tag: Tag?)] = []
        for name in exact.isEmpty ? fitting : exact {
            fallbacks.append((try policy.prefixed(name.repository.description), name.tag))
        }
        for name in image.names {
            let (own, tag) = try policy.place(name)
            if let own {
                placed.add(own, tag)
            } else {
                for other in fallbacks { placed.add(other.repository, tag) }
            }
        }
        guard image.lacksRepository else { return placed }
        // A tag from the user is added even if the image brings its own tag.
        for other in fallbacks where image.names.isEmpty || other.tag != nil {
            placed.add(other.repository, other.tag)
        }
        return placed
    }

    /// Places a referrer in the repositories of its subject, which may be an image, one platform of
    /// an index, or another referrer.
    private mutating func placeReferrers(_ index: SiteIndex, _ below: (Digest) -> Set<Digest>) {
        var homes: [Digest: Set<RepositoryName>] = [:]
        func settle(_ root: Digest, _ repositories: [RepositoryName]) {
            for digest in below(root).union([root]) {
                homes[digest, default: []].formUnion(repositories)
            }
        }
        for entry in index.entries { settle(entry.manifest.digest, [entry.repository]) }
        for placed in placed { settle(placed.image.root.digest, placed.repositories) }
        var isSettled = false
        while !isSettled {
            isSettled = true
            for position in placed.indices where placed[position].isNameless {
                let image = placed[position].image
                guard let home = image.subject.flatMap({ homes[$0] }), !home.isEmpty else {
                    continue
                }
                placed[position].untagged = home.sorted()
                settle(image.root.digest, placed[position].untagged)
                isSettled = false
            }
        }
    }

    private static func check(_ name: GivenName, _ images: [SavedImage]) throws(NamingError) {
        let nameless = images.filter { $0.lacksRepository && name.applies(to: $0) }
        guard !nameless.isEmpty else { throw .unusedName(name.text) }
        let untagged = nameless.filter(\.names.isEmpty)
        guard name.tag == nil || untagged.count <= 1 else {
            throw .ambiguousName(name.text, images: untagged.count)
        }
    }
}

extension PlacedImage {
    fileprivate var repositories: [RepositoryName] { tags.map(\.0) + untagged }

    fileprivate var isNameless: Bool { tags.isEmpty && untagged.isEmpty }

    fileprivate mutating func add(_ repository: RepositoryName, _ tag: Tag?) {
        if let tag { tags.append((repository, tag)) } else { untagged.append(repository) }
    }
}

extension SavedImage {
    /// Whether none of its names contains a repository.
    package var lacksRepository: Bool {
        names.allSatisfy { name in
            if case .tag = name { true } else { false }
        }
    }
}
