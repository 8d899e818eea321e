// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

// Tags that clients made to list referrers, because their registry had no referrers API.
//
// Such a tag is served as it came, but clients take its list as complete. If the site has more
// referrers, a client would miss a signature. Then the tag is removed, its children stay available
// by digest, and the plan renders the tag again, as it does for every subject that came without
// such a tag.
extension SiteIndex {
    /// Removes such tags if the site by now has referrers that they don't list.
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

    /// Finds the referrers of each subject by repository, without replaced entries.
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
    /// Whether it is an index of manifests that all exist and all refer to the subject in the tag.
    ///
    /// A tag of that form that names anything else is an ordinary tag.
    func listsReferrers(_ graph: SiteGraph) -> Bool {
        guard let subject = tag?.subject else { return false }
        let listed = graph.children(manifest)
        return !listed.isEmpty
            && listed.allSatisfy { graph.nodes[$0.digest]?.manifest.subject == subject }
    }
}
