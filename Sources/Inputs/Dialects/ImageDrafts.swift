// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The images that a dialect finds in an input, before selection.
struct FoundImages {
    /// A refused image, by its name or manifest, and the reason.
    typealias Fault = (image: String?, fault: SourceFault)

    var drafts: [ImageDraft] = []
    var faults: [Fault] = []
    var skipped = SkippedContent()
    /// The annotations of an input that is a site.
    var siteAnnotations: [JSON.Member] = []
    /// The site's own record of its inputs.
    var siteInputs: JSON?
}

/// The selected images of an input of any dialect.
struct ImageDrafts {
    private(set) var drafts: [ImageDraft] = []
    let faults: [FoundImages.Fault]
    private(set) var skipped: SkippedContent
    let siteAnnotations: [JSON.Member]
    let siteInputs: JSON?

    init(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        let unread: [FoundImages.Fault] = source.unread
            .map { (nil, .archive($0.error, member: $0.path)) }
        var found = FoundImages()
        do throws(SourceFault) {
            found = try Self.find(in: source, selection)
        } catch {
            // The unread paths are the more likely cause, so report them in addition to the error.
            guard !unread.isEmpty else { throw error }
            found.faults = [(nil, error)]
        }
        faults = unread + found.faults
        skipped = found.skipped
        siteAnnotations = found.siteAnnotations
        siteInputs = found.siteInputs
        for draft in found.drafts { add(draft, selection) }
    }

    /// Tries each dialect in turn.
    private static func find(
        in source: some MemberSource,
        _ selection: Selection
    ) throws(SourceFault) -> FoundImages {
        if let archive = try EngineDrafts(source, selection) { return archive.found }
        if let volume = try VolumeDrafts(source, selection) { return volume.found }
        if let remains = try RemainsDrafts(source, selection) { return remains.found }
        throw source.members.contains("repositories") ? .beforeContentAddressing : .noImages
    }

    /// Adds the selected parts of an image, and records the skipped ones.
    private mutating func add(_ draft: ImageDraft, _ selection: Selection) {
        let left = SkippedContent.Image(name: draft.label, platforms: draft.unwanted(selection))
        // Record an image only once if both `index.json` and `manifest.json` list it.
        if !left.platforms.isEmpty, !skipped.images.contains(left) { skipped.images.append(left) }
        if !draft.isUnwanted(selection) { drafts.append(draft) }
    }
}
