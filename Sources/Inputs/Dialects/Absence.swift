// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// What it means that an input lacks content which a manifest in it names.
enum Absence {
    /// An engine that has pulled one platform saves the whole index with that platform's blobs, and
    /// sometimes with the manifests of others: containerd's `WithSkipMissing`.
    case byDesign
    /// A site, a registry or a plain layout has the blobs of every manifest that it has: a missing one
    /// is lost. Of manifests only those that it once `carried` are; an index may name others.
    case isDamage(carried: Set<Digest>)

    /// Whether blobs of a manifest that is there must be there, too.
    var needsAllBlobs: Bool {
        guard case .isDamage = self else { return false }
        return true
    }

    /// Whether this content was once in the input.
    func wasCarried(_ digest: Digest) -> Bool {
        guard case .isDamage(let carried) = self else { return false }
        return carried.contains(digest)
    }
}

extension MemberSource {
    /// What a site says that it has; empty for other inputs.
    ///
    /// The copies of its manifests, the names in `v2/` and content-types.json say so.
    ///
    /// - Returns: also why content-types.json says nothing, if it is there and can't be read.
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
