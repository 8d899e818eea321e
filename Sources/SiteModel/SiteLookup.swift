// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

extension SiteIndex {
    /// Finds the entry for a reference.
    package func entry(_ reference: SiteReference) throws(LookupError) -> Entry {
        let own = entries.filter { $0.repository == reference.repository }
        let found =
            switch reference.target {
            case .tag(let tag): own.first { $0.tag == tag }
            case .digest(let digest): own.first { $0.manifest.digest == digest }
            case .unnamed: own.count == 1 ? own.first : own.first { $0.tag == .latest }
            }
        guard let found else { throw .noSuchImage(reference, present: own.map(\.name)) }
        return found
    }

    /// Finds the image that gets another tag: an entry, also a replaced one, or by digest a manifest
    /// that an index of the repository lists, such as the image of one platform.
    package func taggable(
        _ reference: SiteReference,
        _ graph: SiteGraph
    ) throws(LookupError) -> Entry {
        do throws(LookupError) { return try entry(reference) } catch {
            guard case .digest(let digest) = reference.target else { throw error }
            for parent in entries(of: reference.repository) {
                guard let child = graph.child(digest, below: parent.manifest) else { continue }
                return Entry(
                    repository: reference.repository,
                    tag: nil,
                    manifest: child.listed,
                    isMade: isMade(digest) || parent.isMade && graph.isMade(digest)
                )
            }
            throw error
        }
    }
}

extension Descriptor {
    /// The descriptor of a child of an index, as an entry of a site's index has it.
    var listed: Descriptor {
        var listed = self
        (listed.annotations, listed.urls) = ([], [])
        // Attestations have a platform that is none, and no build may join one with an image.
        if listed.platform?.isUnknown == true { listed.platform = nil }
        return listed
    }
}

extension SiteGraph {
    /// The descriptor with which an index below `root` lists a manifest that the site has.
    fileprivate func child(_ digest: Digest, below root: Descriptor) -> Descriptor? {
        guard nodes[digest] != nil else { return nil }
        // Sorted, because several indexes may describe the same manifest.
        for index in manifests(below: root.digest).sorted() {
            let listed = nodes[index]?.manifest.manifests ?? []
            if let child = listed.first(where: { $0.digest == digest }) { return child }
        }
        return nil
    }

    /// Whether a manifest has exactly the bytes that regstatic would write for its blobs.
    fileprivate func isMade(_ digest: Digest) -> Bool {
        guard let node = nodes[digest],
            case .image(let config, let layers) = node.manifest.content
        else { return false }
        return Manifest.image(node.kind, config: config, layers: layers).digest == digest
    }
}
