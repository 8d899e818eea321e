// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The reason why a bundle or an inventory can't be used.
package enum BundleError: Error, Hashable, Sendable {
    /// The file isn't a bundle.
    case notABundle
    /// The path names a pipe or a device, so that the members can't be read in any order.
    case notAFile
    case folder
    /// The file can't be read as an inventory, a site's index.json or a bundle.
    case notAnInventory
    /// A newer regstatic wrote the bundle in another format.
    case format(Int)
    /// A part of the bundle is missing or isn't valid; the text names the part.
    case damaged(String)
    /// A member of the bundle doesn't have the digest that bundle.json gives.
    case content(member: String, expected: Digest, found: Digest)
    /// The volumes belong to different bundles.
    case otherBundle(String)
    /// The images refer to content that the bundle neither has nor requires.
    case incomplete([BundleNeed])
}

/// Content that the receiving site must have.
package struct BundleNeed: Hashable, Sendable {
    package let digest: Digest
    /// Size in bytes.
    package let size: Int
    /// The image that needs the content, and what it is there, such as `layer 3 of team/app:2.0`.
    package let purpose: String

    package init(digest: Digest, size: Int, purpose: String) {
        (self.digest, self.size, self.purpose) = (digest, size, purpose)
    }
}
