// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI
internal import Signatures

/// The images that a dialect finds in an input, before selection.
struct FoundImages {
    var drafts: [ImageDraft] = []
    var faults: [ImageFault] = []
    /// What the refused images lack.
    var missing = MissingContent()
    var warnings: [SourceWarning] = []
    var skipped = SkippedContent()
    /// The settings and records of an input that is a site.
    var site: SiteMetadata?
    /// Who signed an input that is a site; nil if this wasn't checked.
    var signer: Signer?

    /// Refuses an image under each of its names.
    ///
    /// `lacking` finds all that the image lacks if this is the fault.
    mutating func refuse(
        _ labels: [String],
        _ fault: SourceFault,
        lacking: () -> [MissingContent.Part]
    ) {
        faults += labels.map { ($0, fault) }
        if fault.lacksContent, !labels.isEmpty { missing.add(lacking(), neededBy: labels) }
    }
}
