// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The settings of a site that is used as an input, and its record of its own inputs.
///
/// The input is untrusted. Values that don't parse are ignored, and only the form of all other
/// values is checked.
package struct SiteMetadata: Sendable {
    /// The settings for clients; nil if they are invalid.
    package let settings: ClientSettings?
    package let page: PageSettings
    /// The recorded inputs of the site's images, if it has a record.
    package let inputs: InputCache?

    /// Reads the annotations of the site's index.json, and its record of inputs.
    package init(annotations: [JSON.Member], inputs: JSON?) {
        settings = try? ClientSettings(annotations: annotations)
        page = PageSettings(annotations: annotations)
        self.inputs = inputs.map(InputCache.init)
    }
}
