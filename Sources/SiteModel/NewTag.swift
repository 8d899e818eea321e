// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The user's new name for an image of a site: `team/app:stable`, or `:stable` in the image's own
/// repository.
package struct NewTag: Hashable, Sendable {
    /// Nil for the repository of the image.
    package let repository: RepositoryName?
    package let tag: Tag

    /// Nil if a part is invalid, or if the name has no tag.
    package init?(_ text: String) {
        if text.hasPrefix(":") {
            guard let tag = Tag(String(text.dropFirst())) else { return nil }
            (repository, self.tag) = (nil, tag)
        } else {
            guard let name = SiteReference(text), case .tag(let tag) = name.target else {
                return nil
            }
            (repository, self.tag) = (name.repository, tag)
        }
    }

    init(_ repository: RepositoryName, _ tag: Tag) {
        (self.repository, self.tag) = (repository, tag)
    }
}
