// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Two repositories that can't be in one site, because they need the same path.
package struct RepositoryClash: Hashable, Sendable {
    package struct Side: Hashable, Sendable {
        package let repository: RepositoryName
        /// The name that clashes, which is the repository's own name or its alias with Docker Hub's
        /// `library/`.
        package let served: RepositoryName
        /// The inputs of this run that have images of the repository, sorted.
        package var inputs: [String] = []
        /// Whether the site had images of the repository before this run.
        package var isInSite = false

        package init(_ repository: RepositoryName, served: RepositoryName? = nil) {
            (self.repository, self.served) = (repository, served ?? repository)
        }
    }

    /// The repository whose API paths overlap the path of the other repository.
    ///
    /// For example, this is `a` if the other repository is `a/manifests`.
    package var outer: Side
    /// The other repository.
    package var inner: Side

    package init(outer: Side, inner: Side) {
        (self.outer, self.inner) = (outer, inner)
    }

    /// The side that the user can rename by building its inputs with a prefix in a separate run.
    ///
    /// The result is nil if an input has both repositories, because the prefix applies to all
    /// images of an input.
    package var movable: Side? {
        let isShared = !Set(outer.inputs).isDisjoint(with: inner.inputs)
        return isShared ? nil : [inner, outer].first { !$0.isInSite && !$0.inputs.isEmpty }
    }
}
