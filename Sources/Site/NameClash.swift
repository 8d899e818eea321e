// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Finds repositories that can't stand side by side as folders: the specification allows names such
/// as `a/tags/list` next to `a`, whose list is served at that very path.
package enum NameClash {
    private static let apiFolders: Set<Substring> = ["manifests", "blobs", "tags", "referrers"]

    package static func check(_ repositories: [RepositoryName]) throws(SiteError) {
        let names = Set(repositories + repositories.compactMap(\.hubAlias))
        let own = Set(repositories)
        for name in repositories {
            if let alias = name.hubAlias, own.contains(alias) {
                throw .repositoryClash(name, alias)
            }
        }
        for name in names.sorted() {
            let components = name.components
            guard components.first != "index.html" else { throw .reservedName(name) }
            for length in 1..<max(1, components.count) where apiFolders.contains(components[length])
            {
                let outer = RepositoryName(components[..<length].joined(separator: "/"))
                if let outer, names.contains(outer) { throw .repositoryClash(outer, name) }
            }
        }
    }
}
