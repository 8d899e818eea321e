// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel

// Members that an archive has several times, as after `tar -A`, `tar -r` or `tar -u`. The last one
// counts, but content decides whether that is right.
extension MemberSource {
    /// Refuses an archive with different lists of images: those of the first list would be lost in
    /// silence.
    func checkLists() throws(SourceFault) {
        for path in [DockerArchive.path, OCILayout.path] {
            let earlier = members.earlier(path)
            guard !earlier.isEmpty, let last = try? members.file(path) else { continue }
            for file in earlier where try !hasSameContent(file, last) {
                throw .repeated(member: last.path.description)
            }
        }
    }

    private func hasSameContent(_ one: MemberFile, _ other: MemberFile) throws(SourceFault) -> Bool
    {
        guard one.size == other.size else { return false }
        let limit = JSONLimits.list.bytes
        return try bytes(of: one, limit: limit) == bytes(of: other, limit: limit)
    }

    /// Explains a member with the wrong content, if the archive has several with this name.
    func explaining(_ fault: SourceFault) -> SourceFault {
        switch fault {
        case .digest(let member, _, _), .diffID(let member, _, _), .size(let member, _, _):
            members.isRepeated(member) ? .repeated(member: member) : fault
        default: fault
        }
    }
}
