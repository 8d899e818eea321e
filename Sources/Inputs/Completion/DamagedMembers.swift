// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Streams

// Damaged members, of which another input of the run or the store may have an intact copy.
extension CompletedSource {
    /// Remembers the damaged members among blobs and documents.
    func noteDamage(_ blobs: [BlobNeed: Result<StoredBlob, SourceFault>], _ faults: [SourceFault]) {
        let repeated = members.repeatedNames
        for case (let need, .failure(let fault)) in blobs where fault.damagedMember != nil {
            let member = need.file.path.description
            guard !repeated.contains(member) else { continue }
            shared.note(damaged: member, need.wanted, at: place)
        }
        for member in faults.compactMap(\.damagedMember) {
            guard let digest = MemberPath(member)?.namedDigest, !repeated.contains(member) else {
                continue
            }
            shared.note(damaged: member, .blob(digest), at: place)
        }
    }
}

extension BlobNeed {
    /// The content that the member should have.
    fileprivate var wanted: WantedContent {
        switch form {
        case .asIs(let digest, _): .blob(digest)
        case .layer(let diffID): .layer(diffID: diffID)
        }
    }
}

extension SourceFault {
    /// The member whose content is not what it should be.
    var damagedMember: String? {
        switch self {
        case .digest(let member, _, _), .diffID(let member, _, _), .size(let member, _, _),
            .json(_, let member):
            member
        case .stream(.damaged, let member), .stream(.truncated, let member): member
        default: nil
        }
    }
}
