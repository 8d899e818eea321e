// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

// Taking images out of a site's list.
extension SiteIndex {
    /// Removes a tag, or an image that is served by digest.
    ///
    /// The content stays by digest until `prune`: whoever is pulling it finds it.
    ///
    /// - Throws: `SiteError.needed` if a tag or an index needs what is named by digest.
    package mutating func remove(_ entry: Entry, _ graph: SiteGraph) throws(SiteError) {
        if entry.tag == nil { try checkUnneeded(entry, graph) }
        drop(entry)
        add(entry.repository, entry.manifest, isReplaced: true)
    }

    /// The entry by that digest, also if a tag or an index brings it along.
    package func removable(
        _ reference: SiteReference,
        _ graph: SiteGraph
    ) throws(SiteError) -> Entry {
        guard case .digest(let digest) = reference.target else { return try entry(reference) }
        let own = entries.filter { $0.repository == reference.repository }
        if let found = own.first(where: { $0.manifest.digest == digest && $0.tag == nil }) {
            return found
        }
        let owners = own.filter { graph.manifests(below: $0.manifest.digest).contains(digest) }
        guard owners.isEmpty else { throw .needed(reference, by: owners.map(\.name)) }
        return try entry(reference)
    }

    private func checkUnneeded(_ entry: Entry, _ graph: SiteGraph) throws(SiteError) {
        let digest = entry.manifest.digest
        let owners = entries.filter { other in
            other.repository == entry.repository && other != entry && !other.isReplaced
                && graph.manifests(below: other.manifest.digest).contains(digest)
        }
        guard owners.isEmpty else {
            throw .needed(SiteReference(entry.repository, digest), by: owners.map(\.name))
        }
    }

    /// The list without what is there only until `prune`, and without what refers only to that.
    package func pruned(_ graph: SiteGraph) -> SiteIndex {
        var index = self
        for repository in repositories {
            var gone = index.dropReplaced(repository, graph)
            while !gone.isEmpty { gone = index.dropReferrers(repository, of: gone, graph) }
        }
        return index
    }

    /// - Returns: the manifests that are gone from the repository.
    private mutating func dropReplaced(
        _ repository: RepositoryName,
        _ graph: SiteGraph
    ) -> Set<Digest> {
        let own = entries.filter { $0.repository == repository }
        let replaced = own.filter(\.isReplaced)
        for entry in replaced { drop(entry) }
        let kept = Self.manifests(own.filter { !$0.isReplaced }, graph)
        return Self.manifests(replaced, graph).subtracting(kept)
    }

    /// Signatures and the like of what is gone, unless a tag names them.
    private mutating func dropReferrers(
        _ repository: RepositoryName,
        of gone: Set<Digest>,
        _ graph: SiteGraph
    ) -> Set<Digest> {
        let orphans = entries.filter { entry in
            guard entry.repository == repository, entry.tag == nil,
                let subject = graph.nodes[entry.manifest.digest]?.manifest.subject
            else { return false }
            return gone.contains(subject)
        }
        for entry in orphans { drop(entry) }
        return Self.manifests(orphans, graph)
    }

    private static func manifests(_ entries: [Entry], _ graph: SiteGraph) -> Set<Digest> {
        entries.reduce(into: []) { $0.formUnion(graph.manifests(below: $1.manifest.digest)) }
    }
}
