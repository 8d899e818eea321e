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
    /// What a site says that it has: by the copies of its manifests, and by content-types.json.
    ///
    /// Empty for other inputs. A content-types.json that can't be read says nothing.
    func carriedBySite() -> Set<Digest> {
        var carried: Set<Digest> = []
        for file in members.files {
            if case .copy(let digest, _)? = SitePath(file.path) { carried.insert(digest) }
        }
        guard let file = try? file(SitePath.contentTypes, neededBy: OCILayout.path),
            let bytes = try? bytes(of: file, limit: JSONLimits.list.bytes)
        else { return carried }
        return carried.union(ContentTypes.digests(bytes))
    }
}
