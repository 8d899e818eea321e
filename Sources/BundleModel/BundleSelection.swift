// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel

extension SiteContents {
    /// The entries for a bundle: all of the site, or those that the user names, with their referrers.
    ///
    /// Replaced entries don't travel, because the site keeps them only for running pulls.
    ///
    /// - Throws: `LookupError.noSuchImage`.
    package func entries(
        named references: [SiteReference]
    ) throws(LookupError) -> [SiteIndex.Entry] {
        let all = index.entries.filter { !$0.isReplaced }
        guard !references.isEmpty else { return all }
        var chosen: Set<SiteIndex.Entry> = []
        for reference in references { chosen.insert(try index.entry(reference)) }
        // A referrer can have referrers, such as the signature of an SBOM.
        while true {
            let subjects = manifests(of: chosen)
            let found = all.filter { entry in
                guard !chosen.contains(entry), let own = subjects[entry.repository] else {
                    return false
                }
                let subject = graph.nodes[entry.manifest.digest]?.manifest.subject
                return subject.map(own.contains) == true
                    || entry.tag?.attachment.map { own.contains($0.subject) } == true
            }
            guard !found.isEmpty else { break }
            chosen.formUnion(found)
        }
        return all.filter(chosen.contains)
            + chosen.filter(\.isReplaced).sorted { $0.name < $1.name }
    }

    private func manifests(of entries: Set<SiteIndex.Entry>) -> [RepositoryName: Set<Digest>] {
        var manifests: [RepositoryName: Set<Digest>] = [:]
        for entry in entries {
            manifests[entry.repository, default: []]
                .formUnion(graph.manifests(below: entry.manifest.digest))
        }
        return manifests
    }
}
