// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// The reason why an image isn't found by its reference, or why it can't be removed.
package enum LookupError: Error, Hashable, Sendable {
    /// The name doesn't exist; `present` lists the names in its repository.
    case noSuchImage(SiteReference, present: [String])
    /// The site doesn't have the image for this platform.
    case noSuchPlatform(String, Platform, present: [Platform])
    /// The image can't be removed, because other images need it.
    case needed(SiteReference, by: [String])
}
