// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel
internal import Streams

// A tar without an end mark is whole, because some programs leave the mark out, or it is cut off
// where the next member would begin.
extension MemberSource {
    /// Refuses such a tar, unless it has a list of images.
    func checkListsWithoutEndMark() throws(SourceFault) {
        let hasIndex = members.contains(OCILayout.path)
        // If only the mark of a layout is there, its index is lost.
        let hasList =
            hasIndex || members.contains(DockerArchive.path) && !members.contains("oci-layout")
        guard hasList else { throw .cutOff }
    }
}

extension FoundImages {
    /// Refuses such a tar, unless its images lack nothing.
    func checkWithoutEndMark(_ source: some MemberSource) throws(SourceFault) {
        guard !faults.contains(where: \.fault.isAbsence), !drafts.contains(where: \.isSparse) else {
            throw .cutOff
        }
        // Docker with a graph driver writes manifest.json and repositories after the index. Without
        // them, the manifests that it invented for raw layers look like those of a registry.
        let members = source.members
        guard
            !members.contains(OCILayout.path) || members.contains("repositories")
                || !drafts.contains(where: \.hasRawLayers)
        else { throw .cutOff }
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

    /// Whether the input lacks something that it names.
    fileprivate var isAbsence: Bool {
        switch self {
        case .member(.missing, _), .member(.danglingLink, _), .incomplete, .sparse, .lost,
            .dangling, .lostIndex:
            true
        default: false
        }
    }
}
