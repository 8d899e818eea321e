// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Finds repositories that can't exist side by side as folders.
///
/// For example, the specification allows a repository `a/tags/list` next to `a`, but the tag list
/// of `a` has the same path.
package enum NameClash {
    private static let apiFolders: Set<Substring> = ["manifests", "blobs", "tags", "referrers"]

    /// Checks all names, and also the `library/` alias of each Docker Hub name.
    package static func check(
        _ repositories: [RepositoryName],
        hubPlaces: [RepositoryName?] = [nil]
    ) throws(NamingError) {
        let own = Set(repositories)
        var names = own
        // Finds the repository of a name. This search is done only after a clash, because a site
        // can have many names.
        func side(_ served: RepositoryName) -> RepositoryClash.Side {
            let isOwn = own.contains(served)
            let owner = repositories.first { name in
                hubPlaces.contains { name.hubAlias(below: $0) == served }
            }
            return RepositoryClash.Side(isOwn ? served : owner ?? served, served: served)
        }
        for place in hubPlaces {
            for name in repositories {
                guard let alias = name.hubAlias(below: place) else { continue }
                guard !own.contains(alias) else {
                    let outer = RepositoryClash.Side(name, served: alias)
                    throw .repositoryClash(RepositoryClash(outer: outer, inner: side(alias)))
                }
                names.insert(alias)
            }
        }
        for name in names.sorted() {
            let components = name.components
            guard components.first != "index.html" else { throw .reservedName(name) }
            for length in 1..<max(1, components.count) where apiFolders.contains(components[length])
            {
                let outer = RepositoryName(components[..<length].joined(separator: "/"))
                guard let outer, names.contains(outer) else { continue }
                throw .repositoryClash(RepositoryClash(outer: side(outer), inner: side(name)))
            }
        }
    }
}

extension SiteIndex {
    /// Refuses an index whose names can't be in one site, or not in a site of this layout.
    package func checkNames() throws(NamingError) {
        try checkSize()
        try NameClash.check(repositories, hubPlaces: hubPlaces)
        if layout == .portable { try checkPortableNames() }
    }
}
