// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The name of an image in an archive.
package enum ImageName: Hashable, Sendable {
    /// A full name with a registry, with or without a tag.
    case reference(Reference)
    /// A tag without a repository; oras and helm write such names.
    case tag(Tag)
    /// A name in another site, which is kept unchanged.
    case served(RepositoryName, Tag?)
}

extension ImageName {
    package init(_ served: ServedName) {
        self = .served(served.repository, served.tag)
    }

    /// The name in reports.
    package var label: String {
        switch self {
        case .reference(let reference): reference.description
        case .tag(let tag): tag.description
        case .served(let name, let tag): tag.map { "\(name):\($0)" } ?? name.description
        }
    }
}
