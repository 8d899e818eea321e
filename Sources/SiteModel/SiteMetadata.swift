// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// What an input that is a site says of itself, besides its images.
///
/// The input is untrusted: values that don't parse are left out, and nothing here is checked beyond
/// its form.
package struct SiteMetadata: Sendable {
    /// Nil if the settings are invalid.
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
