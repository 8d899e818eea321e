// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// The images of a run under the names that a portable site can hold.
package struct PortablePlacement {
    package private(set) var placed: [PlacedImage] = []
    /// The names that the site can't hold, sorted.
    package private(set) var refusals: [NameRefusal] = []

    /// Tags that differ by case only.
    private struct Key: Hashable {
        let repository: RepositoryName
        let lowercased: String

        init(_ repository: RepositoryName, _ tag: Tag) {
            (self.repository, lowercased) = (repository, tag.description.lowercased())
        }
    }

    /// The inputs of each tag; nil for images without a tag.
    private var reserved: [RepositoryName: [Tag?: Set<String>]] = [:]
    private var cased: [Key: [Tag: Set<String>]] = [:]
    private var refused: [RepositoryName: Set<Tag>] = [:]

    /// Separates the names that a portable site with this index can hold from all others.
    package init(_ all: [PlacedImage], beside index: SiteIndex) {
        for placed in all { collect(placed) }
        for (repository, names) in reserved { refuse(repository, names) }
        for (key, tags) in cased { refuse(key, tags, beside: index) }
        guard !refusals.isEmpty else {
            placed = all
            return
        }
        refusals.sort { $0.name < $1.name }
        for var image in all {
            image.tags.removeAll { repository, tag in
                reserved[repository] != nil || refused[repository]?.contains(tag) == true
            }
            image.untagged.removeAll { reserved[$0] != nil }
            if !image.tags.isEmpty || !image.untagged.isEmpty { placed.append(image) }
        }
    }

    private mutating func collect(_ placed: PlacedImage) {
        let input = placed.image.input
        let names = placed.tags.map { ($0.0, Optional($0.1)) } + placed.untagged.map { ($0, nil) }
        for (repository, tag) in names {
            if !repository.partsReservedByWindows.isEmpty {
                reserved[repository, default: [:]][tag, default: []].insert(input)
            } else if let tag, tag.hasCapitals {
                cased[Key(repository, tag), default: [:]][tag, default: []].insert(input)
            }
        }
    }

    private mutating func refuse(_ repository: RepositoryName, _ names: [Tag?: Set<String>]) {
        // An image without a tag beside a tagged one, such as its signature, is not a refusal of its
        // own.
        let isTagged = names.keys.contains { $0 != nil }
        let reason = NameRefusal.Reason.reserved(repository.partsReservedByWindows)
        for (tag, inputs) in names where tag != nil || !isTagged {
            refusals.append(NameRefusal(repository, tag, inputs: inputs.sorted(), reason: reason))
        }
    }

    private mutating func refuse(
        _ key: Key,
        _ tags: [Tag: Set<String>],
        beside index: SiteIndex
    ) {
        let known = index.entries(of: key.repository).compactMap(\.tag)
            .filter { $0.hasCapitals && Key(key.repository, $0) == key }
        let new = tags.keys.filter { !known.contains($0) }.sorted()
        guard known.count + new.count > 1 else { return }
        refused[key.repository, default: []].formUnion(new)
        let all = new.reduce(into: Set<String>()) { $0.formUnion(tags[$1] ?? []) }
        for tag in new {
            let reason: NameRefusal.Reason =
                if let old = known.first { .differsFromSite(old) } else {
                    .differsByCase(new.filter { $0 != tag })
                }
            let inputs = known.isEmpty ? all : tags[tag] ?? []
            refusals.append(
                NameRefusal(key.repository, tag, inputs: inputs.sorted(), reason: reason)
            )
        }
    }
}
