// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The meaning of missing content in an input whose manifests name this content.
enum Absence {
    /// Missing content is not a fault, because an engine that pulled one platform saves this
    /// platform's blobs, the whole index and sometimes other platforms' manifests (containerd's
    /// `WithSkipMissing`).
    case byDesign
    /// Missing content is damage, because a site, a registry or an OCI layout without
    /// `manifest.json` has all blobs of its manifests, so a missing blob is lost.
    ///
    /// A missing manifest is lost only if the input once `carried` it, because an index may also
    /// list manifests that the input never had.
    case isDamage(carried: Set<Digest>)
    /// The end of the input is missing, so missing content may have been in it.
    case isCut

    /// Whether every blob of a present manifest must exist.
    var needsAllBlobs: Bool {
        switch self {
        case .byDesign: false
        case .isDamage, .isCut: true
        }
    }

    /// Whether the input once had this content, or may have had it.
    func wasCarried(_ digest: Digest) -> Bool {
        switch self {
        case .byDesign: false
        case .isDamage(let carried): carried.contains(digest)
        case .isCut: true
        }
    }
}

extension MemberSource {
    /// Collects the digests that a site claims to have; empty for other inputs.
    ///
    /// These digests are found in the names of manifest copies, in the names in `v2/`, and in
    /// content-types.json.
    ///
    /// - Returns: the digests, and the fault if content-types.json exists but can't be read.
    func carriedBySite() -> (digests: Set<Digest>, fault: SourceFault?) {
        var carried: Set<Digest> = []
        for path in members.files.map(\.path) + members.symbolicLinks.map(\.path) {
            switch SitePath(path) {
            case .copy(let digest, _): carried.insert(digest)
            case .manifest(_, let name): if let digest = Digest(name) { carried.insert(digest) }
            case nil: continue
            }
        }
        do throws(SourceFault) {
            guard try has(SitePath.contentTypes, neededBy: OCILayout.path) else {
                return (carried, nil)
            }
            let file = try file(SitePath.contentTypes, neededBy: OCILayout.path)
            let document = try document(file, limits: .list)
            return (carried.union(ContentTypes(document.json).digests), nil)
        } catch {
            return (carried, error)
        }
    }
}
