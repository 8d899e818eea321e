// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The rules by which regstatic makes an image's name in the site from its name in an archive.
package struct NamePolicy: Sendable {
    /// Whether to keep the registry's host as the first component, as in `ghcr.io/acme/tool`.
    package var keepHost: Bool
    /// The prefix of every name; nil for none.
    package var prefix: RepositoryName?

    package init(keepHost: Bool = false, prefix: RepositoryName? = nil) {
        self.keepHost = keepHost
        self.prefix = prefix
    }

    /// The repository for images without any name, which are served by digest.
    package static let untagged = "untagged"

    /// Returns the name and tag in the site; the repository is nil for a name that is only a tag.
    package func place(_ name: ImageName) throws(NamingError) -> (RepositoryName?, Tag?) {
        switch name {
        case .tag(let tag): (nil, tag)
        case .served(let repository, let tag): (try prefixed(repository.description), tag)
        case .reference(let reference): (try place(reference), reference.tag)
        }
    }

    /// `registry.corp:5000/team/app` → `team/app`, `docker.io/library/nginx` → `nginx`.
    package func place(_ reference: Reference) throws(NamingError) -> RepositoryName {
        guard keepHost else { return try prefixed(reference.repository.description) }
        return try prefixed("\(Self.component(reference))/\(reference.repository)")
    }

    /// The registry of a name, and the prefix that all names from this registry get in the site.
    ///
    /// The result is nil for a name without a valid host, and for a loopback host, because it is a
    /// different registry on every machine.
    package func mirror(_ name: ImageName) -> MirroredHost? {
        guard case .reference(let reference) = name,
            let registry = try? RegistryHost(reference.host), !registry.host.isLoopback
        else { return nil }
        let host = keepHost ? Self.component(reference) : nil
        let place = [prefix?.description, host].compactMap(\.self).joined(separator: "/")
        return MirroredHost(registry, place: RepositoryName(place))
    }

    /// The place of a registry's names in this site, given their place in another site.
    package func mirror(_ other: MirroredHost) -> MirroredHost? {
        guard let prefix else { return other }
        return other.below(prefix)
    }

    /// The host as a name component, with `_` instead of the colon before a port, because names
    /// can't contain colons.
    private static func component(_ reference: Reference) -> String {
        String(reference.host.map { $0 == ":" ? "_" : $0 })
    }

    /// Adds the prefix and removes Docker Hub's `library/` from a name.
    ///
    /// The site serves such a repository with and without `library/`.
    package func prefixed(_ name: String) throws(NamingError) -> RepositoryName {
        let text = prefix.map { "\($0)/\(Self.short(name))" } ?? name
        guard let name = RepositoryName(Self.short(text)) else { throw .invalidName(text) }
        return name
    }

    private static func short(_ name: String) -> String {
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        return components.count == 2 && components[0] == "library" ? String(components[1]) : name
    }
}

extension RepositoryName {
    /// The name that clients request from a mirror of Docker Hub: `library/nginx` for `nginx`.
    package var hubAlias: RepositoryName? { hubAlias(below: nil) }

    /// The alias if the site adds the prefix `place` to Docker Hub's names, for example
    /// `p/library/nginx` for `p/nginx`.
    package func hubAlias(below place: RepositoryName?) -> RepositoryName? {
        guard let last = components.last, components.dropLast() == (place?.components ?? [])[...]
        else { return nil }
        return RepositoryName((components.dropLast() + ["library", last]).joined(separator: "/"))
    }
}
