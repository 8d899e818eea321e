// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

// Tags that clients made to list referrers, because their registry had no API for that.
//
// They are served as they came. But such a tag says "these are all": where the site knows more, a client
// that believes it would miss a signature. Then it goes, what it lists stays by digest, and the plan
// draws the tag anew, as it does for all that came without one.
extension SiteIndex {
    /// Takes away such tags that lack what the site has by now.
    ///
    /// - Returns: what was taken away.
    mutating func dropShortReferrersTags(_ graph: SiteGraph) -> [Entry] {
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

    /// What refers to what in each repository, without what is there until `prune`.
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
    /// Whether it is an index of manifests that all are here, and all refer to the one in the tag.
    ///
    /// A tag of that form that names anything else is one like any other.
    func listsReferrers(_ graph: SiteGraph) -> Bool {
        guard let subject = tag?.subject else { return false }
        let listed = graph.children(manifest)
        return !listed.isEmpty
            && listed.allSatisfy { graph.nodes[$0.digest]?.manifest.subject == subject }
    }
}
