// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// An image, index or artifact of an input, complete and checked, its blobs in the store.
package struct SavedImage: Sendable {
    /// What is served under its names.
    package let root: Descriptor
    /// What the input calls it; several names, or none.
    package let names: [ImageName]
    /// The input, as the user named it.
    package let input: String
    package let platforms: [Platform]
    /// Whether a build made the manifest; else it is the one that a registry had, and its digest is
    /// known elsewhere.
    package let isMade: Bool
    /// What it refers to, if it is a signature, an SBOM or the like.
    package let subject: Digest?
    /// Manifests that the index names and the input lacks.
    package let missing: [Descriptor]
}
