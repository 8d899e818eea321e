// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel
internal import Streams

// A tar without an end mark may be complete, because some programs don't write the mark. Or the tar
// was cut off where the next member would begin. A tar that was cut off elsewhere, or whose rest is
// damaged, isn't complete.
extension MemberSource {
    /// Refuses a tar that may have lost its end, unless it has a list of images.
    func checkListsWithoutEndMark() throws(SourceFault) {
        let hasIndex = members.contains(OCILayout.path)
        // If a tar has `oci-layout` or its blobs, but no `index.json`, the index was cut off.
        let hasLayout =
            members.contains("oci-layout")
            || members.files.contains { $0.path.components.first == "blobs" }
        let hasList = hasIndex || members.contains(DockerArchive.path) && !hasLayout
        guard hasList else { throw cut ?? .cutOff }
    }
}

extension FoundImages {
    /// Finds the images of an input, which may have lost its end.
    ///
    /// If the end is missing, only the images that are complete without it are found.
    ///
    /// - Throws: `SourceFault` if the end is missing and the input has no complete image.
    init(inWholeOrCut source: CompletedSource, _ selection: Selection) throws(SourceFault) {
        guard !source.hasEndMark else {
            self = try FoundImages(in: source, selection)
            return
        }
        if source.cut == nil {
            self = try FoundImages(in: source, selection)
            if isComplete, Self.hasLastLists(source) || !drafts.contains(where: \.hasRawLayers) {
                warnings.insert(.noEndMark, at: 0)
                return
            }
        }
        let fault = source.cut ?? .cutOff
        let source = source.cut(by: fault)
        self = try FoundImages(in: source, selection)
        if !Self.hasLastLists(source) { refuseRawLayers(fault) }
        guard !drafts.isEmpty else { throw fault }
        faults.insert((nil, .partlyRead(fault)), at: 0)
    }

    /// Whether no image lacks a part.
    private var isComplete: Bool {
        !faults.contains(where: \.fault.isAbsence) && !drafts.contains(where: \.isSparse)
    }

    /// Whether the source has the files that Docker with a graph driver writes after the index.
    ///
    /// Without manifest.json and `repositories`, the manifests that Docker invented for raw layers
    /// look like manifests from a registry.
    private static func hasLastLists(_ source: some MemberSource) -> Bool {
        !source.members.contains(OCILayout.path) || source.members.contains("repositories")
    }

    private mutating func refuseRawLayers(_ fault: SourceFault) {
        faults += drafts.filter(\.hasRawLayers).flatMap(\.labels).map { ($0, fault) }
        drafts.removeAll(where: \.hasRawLayers)
    }
}

extension ImageDraft {
    fileprivate var isSparse: Bool {
        guard case .served(let graph, _) = self else { return false }
        return !graph.missing.isEmpty
    }

    fileprivate var hasRawLayers: Bool {
        guard case .served(let graph, _) = self else { return false }
        return graph.images.contains(where: \.hasRawLayers)
    }
}

extension SourceFault {
    fileprivate static var cutOff: SourceFault { .stream(.truncated, member: nil) }

    /// The fault of a tar whose rest can't be read because of this error; nil if the error concerns
    /// the whole tar.
    init?(cutting error: ArchiveError) {
        guard let fault = SourceFault(of: error).asCut else { return nil }
        self = fault
    }

    /// The same fault as a fault of a tar whose rest can't be read; nil if it concerns the whole tar.
    var asCut: SourceFault? {
        switch self {
        case .stream(.truncated, _): .cutOff
        case .stream(.damaged, _): self
        default: nil
        }
    }

    /// Whether the fault is that the input lacks a file or content that it names.
    fileprivate var isAbsence: Bool {
        switch self {
        case .member(.danglingLink, _), .lostIndex: true
        default: lacksContent
        }
    }
}
