// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// What an input holds and no image in it needs.
package struct LeftOut: Hashable, Sendable {
    /// Pushes to a registry that were never finished.
    package var uploads = 0
    /// Manifests that no tag reaches and that refer to no other.
    package var manifests: [Digest] = []
    package var blobs = 0
    /// Of those blobs.
    package var bytes = 0

    package var isEmpty: Bool { self == LeftOut() }
}
