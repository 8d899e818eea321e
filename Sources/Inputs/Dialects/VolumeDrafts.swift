// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The images of a registry's data: manifests that tags reach, and referrers.
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
        found.faults += volume.notFolders.map { (nil, .notAFolder(member: $0)) }
        found.faults += volume.links.map { (nil, .archive(.link($0), member: $0)) }
        for images in Self.grouped(tagged) { add(images, of: volume) }
        // By now, each tagged manifest has been added or refused.
        let named = Set(tagged.map(\.withoutTag))
        let (byDigest, faults) = volume.byDigest()
        // Don't report a missing manifest twice, and don't report a missing child that the user
        // didn't select.
        let reported = Set(found.faults.compactMap(\.fault.lostDigest)).union(unwanted)
        found.faults += faults.filter { fault in
            fault.fault.lostDigest.map { !reported.contains($0) } ?? true
        }
        let untagged = byDigest.filter { !named.contains($0) }
        let referrers = untagged.filter { isReferrer($0, in: volume) }
        for images in Self.grouped(referrers) { add(images, of: volume) }
        countLeftOut(volume)
        guard !found.drafts.isEmpty || !found.faults.isEmpty else { throw .nothingServed }
    }

    /// Groups the names by manifest.
    private static func grouped(
        _ served: [ServedName]
    ) -> [[ServedName]] {
        Dictionary(grouping: served, by: \.manifest).sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func add(_ places: [ServedName], of volume: RegistryVolume) {
        do throws(SourceFault) {
            let root = try volume.manifest(places[0].manifest).root
            let graph = try ManifestGraph(
                root,
                in: volume,
                selection,
                absence: .isDamage(carried: volume.carried),
                checksLayers: false
            )
            found.drafts.append(.served(graph, places.map(ImageName.init)))
            unwanted.formUnion(graph.left.map(\.digest))
            for place in places {
                reached[place.repository, default: []].formUnion(graph.documents.map(\.digest))
            }
        } catch {
            for place in places { found.faults.append((place.description, error)) }
        }
    }

    /// Whether a manifest is a referrer, such as a signature or an SBOM, that no tag of its
    /// repository reaches.
    private mutating func isReferrer(
        _ served: ServedName,
        in volume: RegistryVolume
    ) -> Bool {
        guard reached[served.repository]?.contains(served.manifest) != true else { return false }
        do throws(SourceFault) {
            if try volume.manifest(served.manifest).json["subject"] != nil { return true }
            found.skipped.manifests.append(served.manifest)
        } catch .schema1 {
            found.skipped.manifests.append(served.manifest)
        } catch {
            found.faults.append(("\(served.repository)@\(served.manifest)", error))
        }
        return false
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

extension SourceFault {
    /// The missing digest, if the fault is about one.
    fileprivate var lostDigest: Digest? {
        switch self {
        case .dangling(_, let digest), .lost(let digest, _): digest
        default: nil
        }
    }
}
