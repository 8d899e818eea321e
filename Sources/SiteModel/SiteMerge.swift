// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Merges the images of one run into a site's index, under their names in the site.
package struct SiteMerge {
    package private(set) var index: SiteIndex
    /// Indexes that join images of several platforms; they must be stored before index.json.
    package private(set) var indexes: [RawDocument] = []
    /// The changes, sorted by name.
    package private(set) var changes: [Change] = []
    /// Tags that several images claim, so that none of these images gets the tag.
    package private(set) var conflicts: [TagConflict] = []

    package struct Change: Sendable {
        package enum Kind: String, Sendable { case added, moved, unchanged }

        package let entry: SiteIndex.Entry
        package let kind: Kind
        /// The image that the tag named before; nil unless the tag moves.
        package let previous: Digest?
        /// The images that the site serves under the name, with all or some of their platforms.
        package let images: [SavedImage]
        /// The platforms that can be pulled under the name.
        package let platforms: [Platform]
        /// Images that `replace` dropped in favor of images of other inputs.
        package let superseded: [TagClaims.Superseded]
        /// Platforms that could be pulled under the tag before this run, but not after it.
        package let dropped: [Platform]
        /// Manifests that the site lacks, although the tag's index lists them.
        package let missing: [Descriptor]
    }

    private let before: SiteIndex
    private let isPresent: (Digest) -> Bool
    /// The manifests that the site listed before this run.
    private let known: Set<Digest>

    private struct Claim: Hashable {
        let repository: RepositoryName
        let tag: Tag
    }

    /// Merges the images; with `replace`, uses the last image if several images have the same tag
    /// and platform.
    ///
    /// `children` lists the children of an index, and `isPresent` returns whether the site has a
    /// manifest. Changes are relative to `before`, or to `index` if `before` is nil.
    package init(
        _ placed: [PlacedImage],
        into index: SiteIndex,
        before: SiteIndex? = nil,
        replace: Bool,
        isPresent: @escaping (Digest) -> Bool = { _ in true },
        children: (Descriptor) -> [Descriptor]
    ) throws(NamingError) {
        self.index = index
        self.isPresent = isPresent
        self.before = before ?? index
        known = Set(self.before.entries.map(\.manifest.digest))
        var claims: [Claim: [SavedImage]] = [:]
        for placed in placed {
            // Use the same array for all tags of an image, because an image can have thousands of
            // tags.
            let alone = [placed.image]
            for (repository, tag) in placed.tags {
                let claim = Claim(repository: repository, tag: tag)
                claims[claim] = claims[claim].map { $0 + alone } ?? alone
            }
        }
        let order = claims.keys.sorted { ($0.repository, $0.tag) < ($1.repository, $1.tag) }
        for claim in order {
            guard let images = claims[claim] else { continue }
            let claims = TagClaims(images, replace: replace, children: children)
            if let conflict = claims.conflict {
                conflicts.append(
                    TagConflict(
                        claim.repository,
                        claim.tag,
                        platform: conflict.platform,
                        images: images
                    )
                )
                continue
            }
            set(claim, claims, children: children)
        }
        for placed in placed { add(placed) }
        do throws(NamingError) {
            try NameClash.check(self.index.repositories, hubPlaces: self.index.hubPlaces)
        } catch {
            throw error.tracing { side in
                side.inputs = inputs(of: side.repository)
                side.isInSite = !index.entries(of: side.repository).isEmpty
            }
        }
    }

    /// The inputs of this run that have images of a repository, sorted.
    private func inputs(of repository: RepositoryName) -> [String] {
        let own = changes.filter { $0.entry.repository == repository }
        return Set(own.flatMap(\.images).map(\.input)).sorted()
    }

    private mutating func set(
        _ claim: Claim,
        _ claims: TagClaims,
        children: (Descriptor) -> [Descriptor]
    ) {
        let present = others(claim, than: claims.images, children: children)
        var manifest = claims.whole
        if manifest == nil || !present.isEmpty {
            let document = Self.index(present + claims.parts)
            indexes.append(document)
            manifest = document.descriptor(ManifestKind.ociIndex.mediaType)
        }
        guard let manifest else { return }
        let old = before.manifest(claim.repository, claim.tag)
        index.set(claim.repository, claim.tag, manifest)
        // Use the index's copy of the descriptor, because equal descriptors there share their
        // memory.
        let shared = index.manifest(claim.repository, claim.tag) ?? manifest
        note(manifest.digest, claims.images)
        let kind: Change.Kind =
            old == nil ? .added : old?.digest == manifest.digest ? .unchanged : .moved
        let joined = present.filter { isPresent($0.digest) }.compactMap(\.platform)
        let platforms = Set(claims.platforms + joined.filter { !$0.isUnknown })
        let sorted = platforms.sorted()
        let earlier = kind == .moved ? old.map { self.platforms(of: $0, children($0)) } ?? [] : []
        changes.append(
            Change(
                entry: index.entry(claim.repository, claim.tag, shared),
                kind: kind,
                previous: kind == .moved ? old?.digest : nil,
                images: claims.images,
                platforms: sorted == claims.platforms ? claims.platforms : sorted,
                superseded: claims.superseded,
                dropped: earlier.subtracting(platforms).sorted(),
                missing: claims.missing
            )
        )
    }

    /// The platforms that can be pulled through a manifest.
    private func platforms(of manifest: Descriptor, _ children: [Descriptor]) -> Set<Platform> {
        Set(
            ([manifest] + children).filter { isPresent($0.digest) }.compactMap(\.platform)
                .filter { !$0.isUnknown }
        )
    }

    /// Records whether regstatic made a manifest; if at least one input has it from a registry,
    /// regstatic did not make it.
    private mutating func note(_ manifest: Digest, _ images: [SavedImage]) {
        let isPreserved = images.contains { $0.root.digest == manifest && !$0.isMade }
        if isPreserved || !known.contains(manifest) { index.note(manifest, isMade: !isPreserved) }
    }

    private mutating func add(_ placed: PlacedImage) {
        for repository in placed.untagged {
            let manifest = placed.image.entry
            let isNew = !before.holds(repository, manifest.digest)
            index.add(repository, manifest)
            note(manifest.digest, [placed.image])
            let entry = index.entry(repository, nil, manifest)
            changes.append(
                Change(
                    entry: entry,
                    kind: isNew ? .added : .unchanged,
                    previous: nil,
                    images: [placed.image],
                    platforms: Set(placed.image.platforms).sorted(),
                    superseded: [],
                    dropped: [],
                    missing: placed.image.missing
                )
            )
        }
    }

    /// Finds images of other platforms that the site has under the same tag.
    ///
    /// These images are joined with the new images, so that two builds in a row give the same
    /// result as one build with both inputs. An index from a registry is never joined with other
    /// images, but stays unchanged or is replaced.
    private func others(
        _ claim: Claim,
        than images: [SavedImage],
        children: (Descriptor) -> [Descriptor]
    ) -> [Descriptor] {
        guard images.allSatisfy(\.isSingle),
            let present = index.manifest(claim.repository, claim.tag)
        else { return [] }
        let parts = present.platform == nil ? Self.joined(present, children(present)) : [present]
        let new = Set(images.flatMap(\.platforms))
        let old = Set(parts.compactMap(\.platform)).subtracting(new)
        return TagClaims.keeping(old.sorted(), of: parts).filter { $0.platform != nil }
    }

    /// The children of an index that regstatic joined; empty for any other index.
    private static func joined(_ root: Descriptor, _ children: [Descriptor]) -> [Descriptor] {
        index(children).digest == root.digest ? children : []
    }

    /// Makes an index of these images without duplicates, sorted by platform.
    private static func index(_ manifests: [Descriptor]) -> RawDocument {
        var listed: Set<Digest> = []
        return Manifest.index(
            manifests.filter { listed.insert($0.digest).inserted }
                .sorted {
                    ($0.platform?.description ?? "", $0.digest) < (
                        $1.platform?.description ?? "", $1.digest
                    )
                }
        )
    }
}

extension SavedImage {
    var isIndex: Bool { ManifestKind(root.mediaType)?.isIndex == true }

    /// Whether this is an image for exactly one platform.
    var isSingle: Bool { platforms.count == 1 && !isIndex }

    /// The descriptor for a site's index, with the platform of a single image.
    var entry: Descriptor {
        var entry = root
        entry.platform = isIndex ? nil : platforms.first
        return entry
    }
}
