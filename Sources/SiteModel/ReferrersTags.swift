// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

// These functions handle tags that clients made to list referrers, because the clients' registry
// had no referrers API.
//
// Such a tag is served unchanged, but clients assume that its list is complete. If the site has
// referrers that the tag doesn't list, a client could miss a signature. So regstatic removes such a
// tag, but its children stay available by digest. The plan then renders a new tag, as it does for
// every subject without such a tag.
extension SiteIndex {
    /// Removes each referrers tag that doesn't list all referrers of its subject in the repository.
    ///
    /// - Returns: the removed entries.
    package mutating func dropShortReferrersTags(_ graph: SiteGraph) -> [Entry] {
        let tagged = entries.filter { $0.listsReferrers(graph) }
        guard !tagged.isEmpty else { return [] }
        let known = referrers(graph)
        var dropped: [Entry] = []
        for entry in tagged {
            let listed = graph.children(entry.manifest)
            let all = entry.tag?.subject.flatMap { known[entry.repository]?[$0] } ?? []
            guard !all.isSubset(of: listed.map(\.digest)) else { continue }
            drop(entry)
            for child in listed {
                add(
                    entry.repository,
                    Descriptor(mediaType: child.mediaType, digest: child.digest, size: child.size)
                )
            }
            dropped.append(entry)
        }
        return dropped
    }

    /// The repositories of either index in which an image has other referrers, or another tag for them,
    /// than in the other index.
    ///
    /// The site renders another list for such an image, with another digest.
    package func repositoriesWithOtherReferrers(
        than other: SiteIndex,
        _ graph: SiteGraph
    ) -> Set<RepositoryName> {
        guard graph.nodes.values.contains(where: { $0.manifest.subject != nil }) else { return [] }
        let (own, others) = (referring(graph), other.referring(graph))
        return Set(own.symmetricDifference(others).map(\.repository))
    }

    /// The entries with manifests that refer to others, and the tags for such manifests.
    private func referring(_ graph: SiteGraph) -> Set<Entry> {
        Set(
            entries.filter { entry in
                if entry.tag?.subject != nil { return true }
                return !entry.isReplaced
                    && graph.manifests(below: entry.manifest.digest)
                        .contains { graph.nodes[$0]?.manifest.subject != nil }
            }
        )
    }

    /// Finds the referrers of each subject in each repository, and ignores replaced entries.
    private func referrers(_ graph: SiteGraph) -> [RepositoryName: [Digest: Set<Digest>]] {
        var referrers: [RepositoryName: [Digest: Set<Digest>]] = [:]
        for entry in entries where !entry.isReplaced {
            for digest in graph.manifests(below: entry.manifest.digest) {
                guard let subject = graph.nodes[digest]?.manifest.subject else { continue }
                referrers[entry.repository, default: [:]][subject, default: []].insert(digest)
            }
        }
        return referrers
    }
}

extension SiteIndex.Entry {
    /// Whether the entry is an index whose manifests all exist and have the tag's subject as their
    /// subject.
    ///
    /// A tag of this form that names another manifest is an ordinary tag.
    func listsReferrers(_ graph: SiteGraph) -> Bool {
        guard let subject = tag?.subject else { return false }
        let listed = graph.children(manifest)
        return !listed.isEmpty
            && listed.allSatisfy { graph.nodes[$0.digest]?.manifest.subject == subject }
    }
}
