// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A name that a portable site can't hold, so that the images of this run don't get it.
package struct NameRefusal: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// Windows reserves these components of the repository's name.
        case reserved([String])
        /// Other tags of this run differ from the tag by case only.
        case differsByCase([Tag])
        /// The site already has a tag that differs by case only.
        case differsFromSite(Tag)
    }

    package let repository: RepositoryName
    /// The refused tag; nil for an image without a tag.
    package let tag: Tag?
    /// The inputs of this run that have an image with this name, or one with the other tags; sorted.
    package let inputs: [String]
    package let reason: Reason

    package init(
        _ repository: RepositoryName,
        _ tag: Tag?,
        inputs: [String],
        reason: Reason
    ) {
        (self.repository, self.tag) = (repository, tag)
        (self.inputs, self.reason) = (inputs, reason)
    }

    package var name: String { tag.map { "\(repository):\($0)" } ?? "\(repository)" }
}
