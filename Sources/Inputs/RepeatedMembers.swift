// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel

// Members that an archive has several times, as after `tar -A`, `tar -r` or `tar -u`. The last
// member counts, but regstatic checks its content, because an earlier member may be the right one.
extension MemberSource {
    /// Refuses an archive that has two different lists of images, because the images of the first
    /// list would be silently lost.
    func checkLists() throws(SourceFault) {
        for path in [DockerArchive.path, OCILayout.path] {
            let earlier = members.earlier(path)
            guard !earlier.isEmpty, let last = try? members.file(path) else { continue }
            let limit = JSONLimits.list.bytes
            let content = try bytes(of: last, limit: limit)
            for file in earlier {
                guard file.size == last.size, try bytes(of: file, limit: limit) == content else {
                    throw .repeated(member: last.path.description)
                }
            }
        }
    }
}

extension SourceFault {
    /// Replaces a fault about a member's wrong content, if the archive has several files with this
    /// name.
    func explained(by repeated: Set<String>) -> SourceFault {
        switch self {
        case .digest(let member, _, _), .diffID(let member, _, _), .size(let member, _, _):
            repeated.contains(member) ? .repeated(member: member) : self
        default: self
        }
    }
}
