// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The images that a dialect finds in an input, before selection.
struct FoundImages {
    var drafts: [ImageDraft] = []
    var faults: [ImageFault] = []
    var skipped = SkippedContent()
    /// The settings and records of an input that is a site.
    var site: SiteMetadata?
}
