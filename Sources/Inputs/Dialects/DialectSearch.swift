// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

extension FoundImages {
    /// Finds the images of an input of any dialect, and drops all images and platforms that the
    /// user didn't select.
    ///
    /// - Throws: `SourceFault` if the input has none of the known dialects.
    init(in source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        do throws(SourceFault) {
            self = try Self.find(in: source, selection)
        } catch {
            // The unread paths are probably the cause of the error, so report them, too.
            guard !source.unread.isEmpty else { throw error }
            self.init()
            faults = [(nil, error)]
        }
        explainFaults(by: source.unread)
        faults = faults.map { ($0.image, $0.fault.explained(byLinksIn: source)) }
        listMissingManifests()
        let all = drafts
        drafts = []
        for draft in all { add(draft, selection) }
    }

    /// Replaces the faults of images that lack an unread file by the error for that file, and adds the
    /// errors of all other unread files.
    private mutating func explainFaults(by unread: [UnreadPath]) {
        var rest = unread
        let explained = faults.map { image, fault -> ImageFault in
            guard let lacking = fault.lackingPath,
                let cause = unread.first(where: { (lacking + "/").hasPrefix($0.path + "/") })
            else { return (image, fault) }
            rest.removeAll { $0.path == cause.path }
            return (image, .archive(cause.error, member: cause.path))
        }
        faults = rest.map { (nil, .archive($0.error, member: $0.path)) } + explained
    }

    /// Completes the list of missing content by the manifests that names refer to, and drops from it
    /// what has another explanation.
    private mutating func listMissingManifests() {
        for (image, fault) in faults {
            switch fault {
            case .dangling(_, let digest):
                missing.add([.init(digest, .manifest)], neededBy: [image].compactMap(\.self))
            case .lost(let digest, let owner) where digest == owner:
                missing.add([.init(digest, .manifest)], neededBy: [image].compactMap(\.self))
            default: continue
            }
        }
        missing.keep(Set(faults.filter(\.fault.lacksContent).compactMap(\.image)))
    }

    /// Tries each dialect in turn; if the input has none of them, tries to recognize its kind for
    /// the error.
    private static func find(
        in source: some MemberSource,
        _ selection: Selection
    ) throws(SourceFault) -> FoundImages {
        do throws(SourceFault) { return try tryDialects(in: source, selection) } catch {
            guard error.isAboutForm, let foreign = ForeignInput(source.sample) else { throw error }
            throw .foreign(foreign)
        }
    }

    private static func tryDialects(
        in source: some MemberSource,
        _ selection: Selection
    ) throws(SourceFault) -> FoundImages {
        if let found = try EngineDrafts(source, selection)?.found { return found }
        if let found = try VolumeDrafts(source, selection)?.found { return found }
        if let remains = try RemainsDrafts(source, selection) { return remains.found }
        if let layouts = try LayoutsBelow(source, selection) { return layouts.found }
        throw .noImages
    }

    /// Adds the selected parts of an image, and records the skipped platforms.
    private mutating func add(_ draft: ImageDraft, _ selection: Selection) {
        let left = SkippedContent.Image(name: draft.label, platforms: draft.unwanted(selection))
        // Record an image only once if both `index.json` and `manifest.json` list it.
        if !left.platforms.isEmpty, !skipped.images.contains(left) { skipped.images.append(left) }
        if !draft.isUnwanted(selection) { drafts.append(draft) }
    }
}

extension SourceFault {
    /// Reports a dangling link instead of a missing file, if a link that leads out of the input is in
    /// the file's place.
    ///
    /// Other links are those of Docker before 25, whose target is a layer that the input lacks.
    fileprivate func explained(byLinksIn source: some MemberSource) -> SourceFault {
        guard let lackingPath, let path = MemberPath(lackingPath),
            case .symbolicLink(let target)? = source.members[path], target.hasPrefix("/")
        else { return self }
        return .member(.danglingLink(path, target: target), neededBy: lackingPath)
    }

    /// The path of the missing file, if the fault is a missing file.
    fileprivate var lackingPath: String? {
        switch self {
        case .lost(let digest, _), .incomplete(_, let digest): digest.blobPath
        case .member(.missing(let path), _): path.description
        default: nil
        }
    }
}
