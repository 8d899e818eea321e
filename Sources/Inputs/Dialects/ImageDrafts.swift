// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// What a dialect finds in an input, before anyone has chosen.
struct FoundImages {
    /// An image that is refused, by its name or manifest, and why.
    typealias Fault = (image: String?, fault: SourceFault)

    var drafts: [ImageDraft] = []
    var faults: [Fault] = []
    var leftOut = LeftOut()
    /// The annotations of an input that is a site.
    var siteAnnotations: [JSON.Member] = []
    /// From which inputs that site says that its images came.
    var siteInputs: JSON?
}

/// The images of an input that are wanted, whatever its dialect.
struct ImageDrafts {
    private(set) var drafts: [ImageDraft] = []
    let faults: [FoundImages.Fault]
    private(set) var leftOut: LeftOut
    let siteAnnotations: [JSON.Member]
    let siteInputs: JSON?

    init(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        let unread: [FoundImages.Fault] = source.unread
            .map { (nil, .archive($0.error, member: $0.path)) }
        var found = FoundImages()
        do throws(SourceFault) {
            found = try Self.find(in: source, selection)
        } catch {
            // What couldn't be read is the more likely reason, and is reported, too.
            guard !unread.isEmpty else { throw error }
            found.faults = [(nil, error)]
        }
        faults = unread + found.faults
        leftOut = found.leftOut
        siteAnnotations = found.siteAnnotations
        siteInputs = found.siteInputs
        for draft in found.drafts { add(draft, selection) }
    }

    /// The dialects, each asked in turn.
    private static func find(
        in source: some MemberSource,
        _ selection: Selection
    ) throws(SourceFault) -> FoundImages {
        if let archive = try EngineDrafts(source, selection) { return archive.found }
        if let volume = try VolumeDrafts(source, selection) { return volume.found }
        if let remains = try RemainsDrafts(source, selection) { return remains.found }
        throw source.members.contains("repositories") ? .beforeContentAddressing : .noImages
    }

    /// Takes in what is wanted of an image, and counts the rest.
    private mutating func add(_ draft: ImageDraft, _ selection: Selection) {
        let left = LeftOut.Image(name: draft.label, platforms: draft.unwanted(selection))
        // What `index.json` and `manifest.json` both list is left out once.
        if !left.platforms.isEmpty, !leftOut.images.contains(left) { leftOut.images.append(left) }
        if !draft.isUnwanted(selection) { drafts.append(draft) }
    }
}
