// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// The images of a site that has lost its index.json.
struct RemainsDrafts {
    private(set) var found = FoundImages()
    private let remains: SiteRemains
    private let selection: Selection
    /// By repository: what is there already, with what lies below it.
    private var reached: [RepositoryName: Set<Digest>] = [:]

    /// Nil if the input is no such site.
    init?(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        guard let remains = try SiteRemains(source) else { return nil }
        self.remains = remains
        self.selection = selection
        found.faults.append((nil, .lostIndex))
        found.siteInputs = OCILayout.inputs(in: source)
        let tagged = remains.served.filter { $0.tag != nil }
        let digests = Dictionary(grouping: tagged, by: \.manifest).sorted { $0.key < $1.key }
        for (digest, names) in digests { add(digest, names) }
        addUntagged(remains.served.filter { $0.tag == nil })
        let all = Set(reached.values.joined())
        for digest in remains.nameless where !all.contains(digest) { add(digest, []) }
    }

    /// Adds what is served by digest only.
    ///
    /// Indexes come first: what they list comes with them.
    private mutating func addUntagged(_ served: [SiteRemains.Served]) {
        var rest: [SiteRemains.Served] = []
        for name in served where !isReached(name) {
            let root = try? remains.manifest(name.manifest).root
            guard let kind = root.flatMap({ ManifestKind($0.mediaType) }), kind.isIndex else {
                rest.append(name)
                continue
            }
            add(name.manifest, [name])
        }
        let images = Dictionary(grouping: rest.filter { !isReached($0) }, by: \.manifest)
        for (digest, names) in images.sorted(by: { $0.key < $1.key }) { add(digest, names) }
    }

    private func isReached(_ served: SiteRemains.Served) -> Bool {
        reached[served.repository]?.contains(served.manifest) == true
    }

    private mutating func add(_ digest: Digest, _ served: [SiteRemains.Served]) {
        let names = served.map { ImageName.served($0.repository, $0.tag) }
        do throws(SourceFault) {
            let (root, isMade) = try remains.manifest(digest)
            let graph = try ManifestGraph(
                root,
                in: remains,
                selection,
                absence: .isDamage(carried: remains.carried),
                isMade: isMade
            )
            found.drafts.append(.served(graph, names))
            for served in served {
                reached[served.repository, default: []]
                    .formUnion(graph.documents.map(\.digest))
            }
        } catch {
            let labels = served.map {
                $0.tag == nil
                    ? "\($0.repository)@\(digest)" : ImageName.served($0.repository, $0.tag).label
            }
            found.faults += (labels.isEmpty ? ["\(digest)"] : labels).map { ($0, error) }
        }
    }
}
