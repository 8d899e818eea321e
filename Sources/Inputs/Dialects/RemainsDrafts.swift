// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The images of a site that has lost its index.json.
struct RemainsDrafts {
    private(set) var found = FoundImages()
    private let remains: SiteRemains
    private let selection: Selection
    /// Repository → the manifests that were added to it so far, with all manifests below them.
    private var reached: [RepositoryName: Set<Digest>] = [:]
    /// All manifests that were added so far, with or without a repository.
    private var reachedAnywhere: Set<Digest> = []

    /// Nil unless the input is a site that has lost its index.json.
    init?(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        guard let remains = SiteRemains(source) else { return nil }
        guard selection.signers == nil else { throw .signature(.unsigned) }
        self.remains = remains
        self.selection = selection
        found.faults = [(nil, .lostIndex)] + remains.names.faults
        found.site = SiteMetadata(annotations: [], inputs: OCILayout.inputs(in: source))
        let tagged = remains.names.served.filter { $0.tag != nil }
        let digests = Dictionary(grouping: tagged, by: \.manifest).sorted { $0.key < $1.key }
        for (digest, names) in digests { add(digest, names) }
        addUntagged(remains.names.served.filter { $0.tag == nil })
        addNameless(remains.nameless)
    }

    /// Adds manifests that are served only by digest.
    ///
    /// Indexes are added first, because each index also adds its children.
    private mutating func addUntagged(_ served: [ServedName]) {
        for wantsIndexes in [true, false] {
            let wanted = served.filter { remains.isIndex($0.manifest) == wantsIndexes }
            let rest = Dictionary(grouping: wanted, by: \.manifest)
            for (digest, names) in rest.sorted(by: { $0.key < $1.key }) {
                let unreached = names.filter { !isReached($0) }
                if !unreached.isEmpty { add(digest, unreached) }
            }
        }
    }

    /// Adds manifests whose names are lost, again starting with the indexes.
    private mutating func addNameless(_ digests: [Digest]) {
        for wantsIndexes in [true, false] {
            for digest in digests
            where remains.isIndex(digest) == wantsIndexes && !reachedAnywhere.contains(digest) {
                add(digest, [])
            }
        }
    }

    private func isReached(_ served: ServedName) -> Bool {
        reached[served.repository]?.contains(served.manifest) == true
    }

    private mutating func add(_ digest: Digest, _ served: [ServedName]) {
        let names = served.map(ImageName.init)
        let absence = Absence.isDamage(carried: remains.carried)
        var top: Descriptor?
        do throws(SourceFault) {
            let (root, isMade) = try remains.manifest(digest)
            top = root
            let graph = try ManifestGraph(
                root,
                in: remains,
                selection,
                absence: absence,
                isMade: isMade
            )
            found.drafts.append(.served(graph, names))
            let below = graph.documents.map(\.digest)
            reachedAnywhere.formUnion(below)
            for served in served { reached[served.repository, default: []].formUnion(below) }
        } catch {
            let labels = served.isEmpty ? ["\(digest)"] : served.map(\.description)
            found.refuse(labels, error) { [remains, selection] in
                guard let top else { return [] }
                return MissingSearch.parts(below: top, in: remains, selection, absence: absence)
            }
        }
    }
}
