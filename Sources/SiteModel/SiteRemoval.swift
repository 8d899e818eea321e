// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

// Functions that remove images from a site's index.
extension SiteIndex {
    /// Removes a tag, or an image that is served by digest.
    ///
    /// The image's content stays available by digest until `prune`, so that clients can finish
    /// their pulls.
    ///
    /// - Throws: `LookupError.needed` if the entry has no tag, and another tag or an index needs
    ///   its manifest.
    package mutating func remove(_ entry: Entry, _ graph: SiteGraph) throws(LookupError) {
        if entry.tag == nil { try checkUnneeded(entry, graph) }
        retire(entry)
    }

    /// Removes an entry as `remove` does, even if another entry needs its manifest.
    package mutating func retire(_ entry: Entry) {
        drop(entry)
        add(entry.repository, entry.manifest, isReplaced: true)
    }

    /// Finds the entry to remove; refuses a digest that is served only because a tag or an index
    /// needs it.
    package func removable(
        _ reference: SiteReference,
        _ graph: SiteGraph
    ) throws(LookupError) -> Entry {
        guard case .digest(let digest) = reference.target else { return try entry(reference) }
        let own = entries.filter { $0.repository == reference.repository }
        if let found = own.first(where: { $0.manifest.digest == digest && $0.tag == nil }) {
            return found
        }
        let owners = own.filter { graph.manifests(below: $0.manifest.digest).contains(digest) }
        guard owners.isEmpty else { throw .needed(reference, by: owners.map(\.name)) }
        return try entry(reference)
    }

    private func checkUnneeded(_ entry: Entry, _ graph: SiteGraph) throws(LookupError) {
        let digest = entry.manifest.digest
        let owners = entries.filter { other in
            other.repository == entry.repository && other != entry && !other.isReplaced
                && graph.manifests(below: other.manifest.digest).contains(digest)
        }
        guard owners.isEmpty else {
            throw .needed(SiteReference(entry.repository, digest), by: owners.map(\.name))
        }
    }

    /// Returns the index without the replaced entries that are due, and without referrers whose
    /// subjects are removed with them.
    package func pruned(_ graph: SiteGraph, where isDue: (Entry) -> Bool) -> SiteIndex {
        var index = self
        for own in Dictionary(grouping: entries, by: \.repository).values {
            let replaced = own.filter { $0.isReplaced && isDue($0) }
            guard !replaced.isEmpty else { continue }
            var kept = own.filter { !replaced.contains($0) }
            var dropped = replaced
            var gone = Self.manifests(replaced, graph).subtracting(Self.manifests(kept, graph))
            // Also remove referrers of removed manifests, such as signatures, unless a user's tag
            // names the referrer.
            while !gone.isEmpty {
                let orphans = kept.filter { $0.refers(to: gone, graph) }
                kept.removeAll { orphans.contains($0) }
                dropped += orphans
                gone = Self.manifests(orphans, graph)
            }
            for entry in dropped { index.drop(entry) }
        }
        return index
    }

    private static func manifests(_ entries: [Entry], _ graph: SiteGraph) -> Set<Digest> {
        entries.reduce(into: []) { $0.formUnion(graph.manifests(below: $1.manifest.digest)) }
    }
}

extension SiteIndex.Entry {
    /// Whether this entry is a referrer (such as a signature or an SBOM) of one of these manifests,
    /// or the referrers tag of one of these manifests.
    fileprivate func refers(to manifests: Set<Digest>, _ graph: SiteGraph) -> Bool {
        if let tag {
            return tag.subject.map(manifests.contains) == true && listsReferrers(graph)
        }
        return graph.nodes[manifest.digest]?.manifest.subject.map(manifests.contains) ?? false
    }
}
