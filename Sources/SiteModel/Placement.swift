// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// An image and the names under which it is served.
package struct PlacedImage: Sendable {
    package let image: SavedImage
    package var tags: [(RepositoryName, Tag)] = []
    /// Repositories that serve the image by digest only.
    package var untagged: [RepositoryName] = []
}

/// Assigns repositories and tags to every image of a run.
package struct Placement {
    package private(set) var placed: [PlacedImage] = []

    /// Places images in a site that already has entries; `below` returns all manifests below an
    /// index.
    package init(
        _ images: [SavedImage],
        policy: NamePolicy,
        given: [GivenName],
        beside index: SiteIndex,
        below: @escaping (Digest) -> Set<Digest>
    ) throws(NamingError) {
        for name in given { try Self.check(name, images) }
        var takers: [GivenName: Set<Digest>] = [:]
        for name in given where name.tag != nil { takers[name] = Self.takers(of: name, images) }
        for image in images {
            placed.append(try Self.place(image, policy: policy, given: given, takers: takers))
        }
        guard placed.contains(where: \.isNameless) else { return }
        let untagged = try policy.prefixed(NamePolicy.untagged)
        placeNameless(in: untagged, beside: index, below: below)
    }

    private static func place(
        _ image: SavedImage,
        policy: NamePolicy,
        given: [GivenName],
        takers: [GivenName: Set<Digest>]
    ) throws(NamingError) -> PlacedImage {
        var placed = PlacedImage(image: image)
        let fitting = given.filter { $0.applies(to: image) }
        let exact = fitting.filter { $0.input != nil }
        var fallbacks: [(name: GivenName, repository: RepositoryName)] = []
        for name in exact.isEmpty ? fitting : exact {
            fallbacks.append((name, try policy.prefixed(name.repository.description)))
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
        for (name, repository) in fallbacks {
            if let tag = name.tag {
                // Add the user's tag even if the image has its own tag.
                if takers[name]?.contains(image.root.digest) == true {
                    placed.add(repository, tag)
                }
            } else if image.names.isEmpty {
                placed.add(repository, nil)
            }
        }
        return placed
    }

    /// The images that get the tag of a name.
    ///
    /// These are the images without a name or, if there are none, the images with only a tag.
    ///
    /// Signatures and other attachments in the same layout don't get the tag of their image.
    private static func takers(of name: GivenName, _ images: [SavedImage]) -> Set<Digest> {
        let fitting = images.filter { $0.lacksRepository && name.applies(to: $0) }
        let main = fitting.filter { !$0.isAttached }
        let takers = main.isEmpty ? fitting : main
        let nameless = takers.filter(\.names.isEmpty)
        return Set((nameless.isEmpty ? takers : nameless).map(\.root.digest))
    }

    /// Places all images that have no name yet.
    ///
    /// A referrer goes into every repository that has its subject, which may be an image, one
    /// platform of an index, or another referrer. This includes the repository of images without a
    /// name, so that another build with the same inputs gives the same result.
    private mutating func placeNameless(
        in untagged: RepositoryName,
        beside index: SiteIndex,
        below: @escaping (Digest) -> Set<Digest>
    ) {
        var homes = Homes(below: below)
        for entry in index.entries { homes.add(entry.manifest.digest, [entry.repository]) }
        for placed in placed { homes.add(placed.image.root.digest, placed.repositories) }
        let nameless = placed.indices.filter { placed[$0].isNameless }
        place(nameless.filter { placed[$0].image.subject == nil }, in: untagged, &homes)
        let referrers = nameless.filter { placed[$0].image.subject != nil }
        follow(referrers, &homes)
        // Place the remaining referrers, whose subjects are in no repository or only among these
        // referrers.
        place(referrers.filter { placed[$0].isNameless }, in: untagged, &homes)
        follow(referrers, &homes)
    }

    private mutating func place(
        _ positions: [Int],
        in repository: RepositoryName,
        _ homes: inout Homes
    ) {
        for position in positions {
            placed[position].untagged = [repository]
            homes.add(placed[position].image.root.digest, [repository])
        }
    }

    /// Adds referrers to the repositories of their subjects, until each referrer is in all
    /// repositories of its subject.
    private mutating func follow(_ referrers: [Int], _ homes: inout Homes) {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for position in referrers {
                let image = placed[position].image
                let missing = homes[image.subject].subtracting(placed[position].untagged)
                guard !missing.isEmpty else { continue }
                placed[position].untagged = missing.union(placed[position].untagged).sorted()
                homes.add(image.root.digest, missing.sorted())
                isSettled = false
            }
        }
    }

    private static func check(_ name: GivenName, _ images: [SavedImage]) throws(NamingError) {
        guard name.input == nil || images.contains(where: name.applies) else {
            throw .unknownInput(name.text)
        }
        let nameless = images.filter { $0.lacksRepository && name.applies(to: $0) }
        guard !nameless.isEmpty else { throw .unusedName(name.text) }
        guard name.tag != nil, nameless.contains(where: \.names.isEmpty) else { return }
        let count = takers(of: name, images).count
        guard count <= 1 else { throw .ambiguousName(name.text, images: count) }
    }
}

/// The repositories of each manifest.
private struct Homes {
    private var repositories: [Digest: Set<RepositoryName>] = [:]
    private let below: (Digest) -> Set<Digest>

    init(below: @escaping (Digest) -> Set<Digest>) { self.below = below }

    /// Adds a manifest, and all manifests below it, to repositories.
    mutating func add(_ root: Digest, _ added: [RepositoryName]) {
        guard !added.isEmpty else { return }
        for digest in below(root).union([root]) {
            repositories[digest, default: []].formUnion(added)
        }
    }

    subscript(_ digest: Digest?) -> Set<RepositoryName> {
        digest.flatMap { repositories[$0] } ?? []
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
    /// Whether the image belongs to another image, judged by its subject or its tags.
    fileprivate var isAttached: Bool {
        let tags = names.compactMap { name -> Tag? in
            if case .tag(let tag) = name { tag } else { nil }
        }
        return subject != nil || !tags.isEmpty && tags.allSatisfy { $0.attachment != nil }
    }

    /// Whether all names of the image lack a repository; also true if the image has no name.
    package var lacksRepository: Bool {
        names.allSatisfy { name in
            if case .tag = name { true } else { false }
        }
    }
}
