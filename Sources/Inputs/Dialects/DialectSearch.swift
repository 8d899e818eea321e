// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

extension FoundImages {
    /// Finds the images of an input of any dialect, and drops what the user didn't select.
    ///
    /// - Throws: `SourceFault` if the input has none of the known dialects.
    init(in source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        let unread: [Fault] = source.unread.map { (nil, .archive($0.error, member: $0.path)) }
        do throws(SourceFault) {
            self = try Self.find(in: source, selection)
        } catch {
            // The unread paths are the more likely cause, so report them in addition to the error.
            guard !unread.isEmpty else { throw error }
            self.init()
            faults = [(nil, error)]
        }
        faults = unread + faults
        let all = drafts
        drafts = []
        for draft in all { add(draft, selection) }
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
