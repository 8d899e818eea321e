// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import Compression
package import OCI
internal import Inputs
internal import Store
internal import Streams

/// A fault in a site.
package enum SiteFault: Hashable, Sendable {
    /// A blob whose bytes don't match its name, or a file that isn't a blob.
    case blob(path: String, reason: BlobFault)
    /// A listed manifest that is missing or damaged, and the images that can't be pulled without it.
    case manifest(Digest, ManifestDamage, images: [String])
    /// A blob that a manifest needs but that is missing or has the wrong size.
    case content(Digest, neededBy: Digest, BlobFault)
    /// A file or link of the site that is missing or differs from the plan.
    case tree(path: String, isMissing: Bool = false)
    /// A file that doesn't belong to the site, but that a server would serve or a build would read.
    case foreign(path: String)
    /// A symbolic link in place of a folder; its target isn't part of the site.
    case link(path: String)
    /// A file or folder that the medium can't read.
    case unreadable(path: String, reason: String)
    /// The site has manifests, but not a single blob.
    case noBlobs

    /// What images need that have this fault: a blob, the manifest whose blob is missing, or the
    /// content that a link or a file by digest serves.
    package var subject: Digest? {
        switch self {
        case .tree(let path, _): return ServedPath(path)?.digest
        case .blob(let path, _), .unreadable(let path, _):
            let name = path.split(separator: "/").last ?? ""
            return Digest(hex: name).flatMap { $0.blobPath == path ? $0 : nil }
        case .content(_, let manifest, _): return manifest
        case .manifest, .foreign, .link, .noBlobs: return nil
        }
    }

    package enum BlobFault: Hashable, Sendable {
        case missing
        case mismatch(found: Digest)
        case size(expected: Int, found: Int)
        case notADigest
        /// The blob can't be read from the medium.
        case unreadable(String)
    }
}

/// A path that a client asks for when it pulls an image: `v2/REPOSITORY/manifests/TAG`, the same by
/// digest, `v2/REPOSITORY/blobs/DIGEST`, or a copy of a manifest, `manifests/sha256/HEX.KIND`.
struct ServedPath {
    /// The repository; nil for a copy of a manifest, which serves all repositories.
    let repository: String?
    let digest: Digest?
    /// `REPOSITORY:TAG`; nil for a path by digest.
    let image: String?

    init?(_ path: String) {
        let parts = path.split(separator: "/")
        guard let name = parts.last, parts.count > 2 else { return nil }
        let hex =
            name.hasPrefix("sha256:") ? name.dropFirst("sha256:".count) : name.prefix { $0 != "." }
        digest = Digest(hex: hex)
        if path.hasPrefix("\(SitePlan.manifestFolder)/") {
            (repository, image) = (nil, nil)
            return
        }
        guard parts.count > 3, parts[0] == SitePlan.apiFolder[...],
            ["manifests", "blobs"].contains(parts[parts.count - 2])
        else { return nil }
        let repository = parts[1..<parts.count - 2].joined(separator: "/")
        self.repository = repository
        image = digest == nil ? "\(repository):\(name)" : nil
    }

    /// Whether an image is in the repository of this path.
    func mayServe(_ image: String) -> Bool {
        guard let repository else { return true }
        return ["\(repository):", "\(repository)@"].contains { image.hasPrefix($0) }
    }
}
