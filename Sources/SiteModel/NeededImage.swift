// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// An image that a cluster or an application needs, and whether clients can pull it from a site.
package struct NeededImage: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case served
        /// The site has the image, but clients would ask another registry, because the site isn't the
        /// mirror of the image's registry.
        case elsewhere(String)
        /// The site has the repository, with these tags, but not with the tag or digest of the reference.
        case otherVersions(RepositoryName, [Tag])
        case absent
    }

    /// The image as clients ask for it: a reference without tag and digest means the tag `latest`.
    package let reference: Reference
    package let verdict: Verdict

    package init(_ reference: Reference, in contents: SiteContents) {
        self.reference = Self.complete(reference)
        verdict = Self.verdict(self.reference, contents)
    }

    private static func complete(_ reference: Reference) -> Reference {
        guard reference.tag == nil, reference.digest == nil else { return reference }
        return Reference(
            host: reference.host,
            repository: reference.repository,
            tag: .latest,
            digest: nil
        )
    }

    private static func verdict(_ reference: Reference, _ contents: SiteContents) -> Verdict {
        let kit = contents.index.kit
        let mirrors = kit.mirrors.filter { $0.host.description == reference.host }
        var places = mirrors.sorted().map(\.place)
        if kit.address?.host.description == reference.host { places.insert(nil, at: 0) }
        let repositories = places.compactMap { try? NamePolicy(prefix: $0).place(reference) }
        if repositories.contains(where: { has(reference, $0, contents) }) { return .served }
        let known = repositories.first { !contents.index.entries(of: $0).isEmpty }
        if let known { return .otherVersions(known, tags(known, contents)) }
        guard places.isEmpty, let own = try? NamePolicy().place(reference),
            has(reference, own, contents)
        else { return .absent }
        return .elsewhere("\(own)" + Self.version(of: reference))
    }

    /// Whether a repository has the digest of a reference, or else its tag; clients prefer the digest.
    private static func has(
        _ reference: Reference,
        _ repository: RepositoryName,
        _ contents: SiteContents
    ) -> Bool {
        contents.index.entries(of: repository)
            .contains { entry in
                guard let digest = reference.digest else { return entry.tag == reference.tag }
                return contents.graph.manifests(below: entry.manifest.digest).contains(digest)
            }
    }

    private static func tags(_ repository: RepositoryName, _ contents: SiteContents) -> [Tag] {
        contents.index.entries(of: repository).compactMap(\.tag).filter { $0.attachment == nil }
    }

    private static func version(of reference: Reference) -> String {
        reference.digest.map { "@\($0)" } ?? reference.tag.map { ":\($0)" } ?? ""
    }
}
