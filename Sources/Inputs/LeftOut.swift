// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// What an input holds and no image in it needs.
package struct LeftOut: Hashable, Sendable {
    /// An image, or some platforms of it, that nobody wants.
    package struct Image: Hashable, Sendable {
        package let name: String
        package let platforms: [Platform]
    }

    package var images: [Image] = []
    /// Pushes to a registry that were never finished.
    package var uploads = 0
    /// Manifests that no tag reaches and that refer to no other.
    package var manifests: [Digest] = []
    package var blobs = 0
    /// Of those blobs.
    package var bytes = 0

    package var isEmpty: Bool { self == LeftOut() }
}
