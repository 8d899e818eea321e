// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// The reason why a command changes nothing, although it could do a part of the work.
package enum PolicyRefusal: Error, Hashable, Sendable {
    /// An image was refused, and with `--strict`, regstatic then changes nothing.
    case strict
    /// The site could not serve these pins, and with `--strict`, regstatic then changes nothing.
    case unserved([PinResult])
    /// Clients can't pull these images without internet access, and with `--strict`, regstatic then
    /// changes nothing.
    case foreign([ForeignLayers])
    /// No image in the inputs is for a requested platform.
    case noWantedPlatform([Platform], present: [Platform])
    /// An input was refused, so `--mirror` would remove its images from the site.
    case mirrorOfRefused
    /// The user did not confirm that images are removed.
    case declined
    /// The user did not confirm that clients will trust the CA of an input.
    case declinedAddress
    /// The output of a command would replace a part of the site.
    case outputInSite(String)
}
