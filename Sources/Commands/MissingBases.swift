// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel

/// The refusal of a bundle whose bases a site lacks, with the file that home needs to make a better
/// bundle.
struct MissingBases: Error {
    let needs: [BundleNeed]
    let site: String
    /// The site's inventory, which was written beside the bundle; nil if none was written.
    let receipt: String?
}
