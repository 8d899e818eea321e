// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel
internal import Streams

// A tar without an end mark may be complete, because some programs don't write the mark. Or the tar
// was cut off where the next member would begin.
extension MemberSource {
    /// Refuses a tar without an end mark, unless it has a list of images.
    func checkListsWithoutEndMark() throws(SourceFault) {
        let hasIndex = members.contains(OCILayout.path)
        // If a tar has `oci-layout`, but no `index.json`, the index was cut off.
        let hasList =
            hasIndex || members.contains(DockerArchive.path) && !members.contains("oci-layout")
        guard hasList else { throw .cutOff }
    }
}

extension FoundImages {
    /// Refuses a tar without an end mark, unless its images are complete.
    func checkWithoutEndMark(_ source: some MemberSource) throws(SourceFault) {
        guard !faults.contains(where: \.fault.isAbsence), !drafts.contains(where: \.isSparse) else {
            throw .cutOff
        }
        // Docker with a graph driver writes manifest.json and repositories after the index. Without
        // these files, the manifests that Docker invented for raw layers look like manifests from a
        // registry.
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

    /// Whether the fault is that the input lacks a file or content that it names.
    fileprivate var isAbsence: Bool {
        switch self {
        case .member(.danglingLink, _), .lostIndex: true
        default: lacksContent
        }
    }
}
