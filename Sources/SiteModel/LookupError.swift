// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// Why a reference leads to no image, or to one that can't be removed.
package enum LookupError: Error, Hashable, Sendable {
    /// No image has the name; what the repository has instead.
    case noSuchImage(SiteReference, present: [String])
    /// The image is not there for the platform.
    case noSuchPlatform(String, Platform, present: [Platform])
    /// Other images need the one that is to be removed.
    case needed(SiteReference, by: [String])
}
