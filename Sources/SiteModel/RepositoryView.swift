// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A repository in the form that the API shows, under its own name or under its Docker Hub alias.
package struct RepositoryView: Sendable {
    package let name: RepositoryName
    /// The tags, sorted.
    package let tags: [(tag: Tag, digest: Digest)]
    /// All manifests that clients can get by digest: manifests of tags, children of indexes, and
    /// manifests without a tag.
    package let manifests: Set<Digest>

    package static func all(_ index: SiteIndex, _ graph: SiteGraph) -> [RepositoryView] {
        var views: [RepositoryView] = []
        let hubPlaces = index.hubPlaces
        for repository in index.repositories {
            let entries = index.entries(of: repository)
            let manifests = entries.reduce(into: Set<Digest>()) { manifests, entry in
                guard !manifests.contains(entry.manifest.digest) else { return }
                manifests.formUnion(graph.manifests(below: entry.manifest.digest))
            }
            let tags = entries.compactMap { entry in entry.tag.map { ($0, entry.manifest.digest) } }
            for name in [repository] + hubPlaces.compactMap(repository.hubAlias(below:)) {
                views.append(RepositoryView(name: name, tags: tags, manifests: manifests))
            }
        }
        return views
    }

    /// Finds the referrers of each subject, as the referrers API lists them.
    ///
    /// <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers>
    package func referrers(_ graph: SiteGraph) -> [Digest: [Descriptor]] {
        var referrers: [Digest: [Descriptor]] = [:]
        for digest in manifests.sorted() {
            guard let node = graph.nodes[digest], let subject = node.manifest.subject else {
                continue
            }
            referrers[subject, default: []].append(node.referrer)
        }
        return referrers
    }
}

extension SiteGraph.Node {
    /// The descriptor that a referrers list has for this manifest, with the artifact type and the
    /// annotations.
    fileprivate var referrer: Descriptor {
        var referrer = Descriptor(
            mediaType: kind.mediaType,
            digest: descriptor.digest,
            size: descriptor.size
        )
        referrer.artifactType = manifest.artifactType ?? manifest.configType?.description
        referrer.annotations = manifest.annotations
        return referrer
    }
}

extension Manifest {
    fileprivate var configType: MediaType? {
        guard case .image(let config, _) = content else { return nil }
        return config.mediaType
    }
}
