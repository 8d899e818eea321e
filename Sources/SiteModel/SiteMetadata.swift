// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The settings of a site that is used as an input, and its record of its own inputs.
///
/// The input is untrusted: values that don't parse are left out, and only the form of the other
/// values has been checked.
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
