// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// A manifest that the `index.json` of a layout lists, with all its names.
struct LayoutRoot {
    let descriptor: Descriptor
    var names: [ImageName]

    /// The labels for fault reports: one for each name of the image, or its digest if it has no
    /// name.
    var labels: [String] {
        names.isEmpty ? [descriptor.digest.description] : names.map(\.label)
    }
}
