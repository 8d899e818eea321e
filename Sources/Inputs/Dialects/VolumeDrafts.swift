// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The images of a registry's data, which are referrers and the manifests that tags reach.
struct VolumeDrafts {
    private(set) var found = FoundImages()
    /// Repository → manifests that its tags reach.
    private var reached: [RepositoryName: Set<Digest>] = [:]

    /// Skipped children of indexes.
    private var unwanted: Set<Digest> = []
    private let selection: Selection

    /// Nil if the input isn't a registry's data.
    init?(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        guard let volume = RegistryVolume(source) else { return nil }
        self.selection = selection
        let tagged: [ServedName]
        (tagged, found.faults) = volume.tagged()
        found.faults += volume.lostTags.map { ($0, .lostTag($0)) }
        if source.members.files.contains(where: { Self.isDatabaseMark($0.path) }) {
            found.faults.append((nil, .foreign(.registryDatabase)))
        }
        found.faults += volume.notFolders.map { (nil, .notAFolder(member: $0)) }
        found.faults += volume.links.map { (nil, .archive(.link($0), member: $0)) }
        for images in Self.grouped(tagged) { add(images, of: volume) }
        // Exclude the tagged manifests, each of which has already been added or refused.
        let named = Set(tagged.map(\.withoutTag))
        let (byDigest, faults) = volume.byDigest()
        // Don't report a missing manifest twice, and don't report a missing child of an index that
        // the user didn't select.
        let reported = Set(found.faults.compactMap(\.fault.lostDigest)).union(unwanted)
        found.faults += faults.filter { fault in
            fault.fault.lostDigest.map { !reported.contains($0) } ?? true
        }
        addUntagged(
            byDigest.filter { !named.contains($0) },
            besides: Set(tagged.map(\.repository)),
            of: volume
        )
        countLeftOut(volume)
        guard found.drafts.isEmpty, found.faults.isEmpty else { return }
        let dropped = found.skipped.manifests.count
        throw dropped > 0 ? .onlyUntagged(count: dropped) : .nothingServed
    }

    /// A file that shows that the registry keeps its tags in a database.
    ///
    /// GitLab's registry writes this file. If the folder has tags, they are from before the
    /// migration to the database.
    static let databaseMark = "lockfiles/database-in-use"

    private static func isDatabaseMark(_ path: MemberPath) -> Bool {
        path.description == databaseMark || path.description.hasSuffix("/\(databaseMark)")
    }

    /// Groups the names by manifest.
    private static func grouped(
        _ served: [ServedName]
    ) -> [[ServedName]] {
        Dictionary(grouping: served, by: \.manifest).sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func add(_ places: [ServedName], of volume: RegistryVolume) {
        let absence = Absence.isDamage(carried: volume.carried)
        var top: Descriptor?
        do throws(SourceFault) {
            let root = try volume.manifest(places[0].manifest).root
            top = root
            let graph = try ManifestGraph(
                root,
                in: volume,
                selection,
                absence: absence,
                checksLayers: false
            )
            found.drafts.append(.served(graph, places.map(ImageName.init)))
            unwanted.formUnion(graph.left.map(\.digest))
            for place in places {
                reached[place.repository, default: []].formUnion(graph.documents.map(\.digest))
            }
        } catch {
            found.refuse(places.map(\.description), error) { [selection] in
                guard let top else { return [] }
                return MissingSearch.parts(below: top, in: volume, selection, absence: absence)
            }
        }
    }

    /// Adds manifests that clients can pull only by digest, if they are referrers or if the
    /// selection keeps them.
    private mutating func addUntagged(
        _ untagged: [ServedName],
        besides tagged: Set<RepositoryName>,
        of volume: RegistryVolume
    ) {
        let manifests = untagged.filter { !isReached($0) }.compactMap { read($0, in: volume) }
        for images in Self.grouped(manifests.filter(\.isReferrer).map(\.served)) {
            add(images, of: volume)
        }
        let kept = manifests.filter { !$0.isReferrer && isKept($0.served, besides: tagged) }
        let children = Set(kept.flatMap(\.children))
        let roots = kept.filter { !children.contains($0.served.manifest) }
        for images in Self.grouped(roots.map(\.served)) { add(images, of: volume) }
        // If an index was refused, add its images separately.
        let rest = kept.map(\.served).filter { !isReached($0) && children.contains($0.manifest) }
        for images in Self.grouped(rest) { add(images, of: volume) }
        let done = Set(kept.map(\.served))
        found.skipped.manifests += manifests.filter { !$0.isReferrer }.map(\.served)
            .filter { !done.contains($0) && !isReached($0) }.map(\.manifest)
    }

    private mutating func read(_ served: ServedName, in volume: RegistryVolume) -> Untagged? {
        do throws(SourceFault) {
            return Untagged(served, try volume.manifest(served.manifest).json)
        } catch .schema1 {
            return Untagged(served, nil)
        } catch {
            found.faults.append((served.description, error))
            return nil
        }
    }

    private func isReached(_ served: ServedName) -> Bool {
        reached[served.repository]?.contains(served.manifest) == true
    }

    private func isKept(_ served: ServedName, besides tagged: Set<RepositoryName>) -> Bool {
        if selection.pinned.contains(served.manifest) { return true }
        return switch selection.untagged {
        case .keep: true
        case .drop: false
        case nil: !tagged.contains(served.repository)
        }
    }

    private mutating func countLeftOut(_ volume: RegistryVolume) {
        var used = Set(reached.values.joined()).union(found.skipped.manifests)
        for need in found.drafts.flatMap(\.needs) {
            if case .asIs(let digest, _) = need.form { used.insert(digest) }
        }
        let unused = volume.blobs.filter { !used.contains($0.key) }
        found.skipped.uploads = volume.uploads
        found.skipped.blobs = unused.count
        found.skipped.bytes = unused.values.reduce(0, +)
    }
}

/// A manifest from a registry's data that no tag reaches, so clients can pull it only by digest.
private struct Untagged {
    let served: ServedName
    /// Whether the manifest has a subject, as signatures and SBOMs have.
    let isReferrer: Bool
    /// The manifests that this manifest lists, if it is an index.
    let children: [Digest]

    init(_ served: ServedName, _ json: JSON?) {
        self.served = served
        isReferrer = json?["subject"] != nil
        children = json?["manifests"]?.array?.compactMap { Descriptor($0)?.digest } ?? []
    }
}

extension SourceFault {
    /// The digest of the missing manifest or blob; nil for other faults.
    fileprivate var lostDigest: Digest? {
        switch self {
        case .dangling(_, let digest), .lost(let digest, _): digest
        default: nil
        }
    }
}
