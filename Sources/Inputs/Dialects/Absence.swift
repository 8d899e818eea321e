// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// What it means if a manifest of the input names content that the input lacks.
enum Absence {
    /// Not a fault: an engine that has pulled one platform saves the whole index with that
    /// platform's blobs, and sometimes with the manifests of other platforms (containerd's
    /// `WithSkipMissing`).
    case byDesign
    /// Damage: a site, a registry or an OCI layout without `manifest.json` has all blobs of its
    /// manifests, so a missing blob is lost.
    ///
    /// A missing manifest is lost only if the input once `carried` it, because an index may list
    /// others.
    case isDamage(carried: Set<Digest>)

    /// Whether every blob of a present manifest must exist.
    var needsAllBlobs: Bool {
        guard case .isDamage = self else { return false }
        return true
    }

    /// Whether the input once had this content.
    func wasCarried(_ digest: Digest) -> Bool {
        guard case .isDamage(let carried) = self else { return false }
        return carried.contains(digest)
    }
}

extension MemberSource {
    /// Collects the digests that a site claims to have; empty for other inputs.
    ///
    /// The evidence is the copies of its manifests, the names in `v2/` and content-types.json.
    ///
    /// - Returns: also the fault that made content-types.json unreadable, if it exists.
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
