// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// An image, index or artifact of an input, complete and checked, with its blobs in the store.
package struct SavedImage: Sendable {
    /// The manifest or index that the site serves under the image's names.
    package let root: Descriptor
    /// The names of the image in the input; an image can have several names, or none.
    package let names: [ImageName]
    /// The input, as the user named it.
    package let input: String
    package let platforms: [Platform]
    /// Whether regstatic made the manifest.
    ///
    /// If false, the manifest comes from a registry, so its digest is known there.
    package let isMade: Bool
    /// The name of the recipe that encoded layers of the image, such as `gzip-1-v3`; nil if all
    /// layers have the bytes of the input.
    package let recipe: String?
    /// The subject, if the image is a referrer such as a signature or an SBOM.
    package let subject: Digest?
    /// Manifests that the index lists, but that the input lacks.
    package let missing: [Descriptor]

    package init(
        root: Descriptor,
        names: [ImageName],
        input: String,
        platforms: [Platform],
        isMade: Bool,
        recipe: String? = nil,
        subject: Digest?,
        missing: [Descriptor]
    ) {
        self.root = root
        self.names = names
        self.input = input
        self.platforms = platforms
        self.isMade = isMade
        self.recipe = recipe
        self.subject = subject
        self.missing = missing
    }
}
