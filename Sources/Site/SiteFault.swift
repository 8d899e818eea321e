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
    case tree(path: String)
    /// A file that doesn't belong to the site, but that a server would serve or a build would read.
    case foreign(path: String)
    /// A symbolic link in place of a folder; its target isn't part of the site.
    case link(path: String)
    /// A file or folder that the medium can't read.
    case unreadable(path: String, reason: String)
    /// The site has manifests, but not a single blob.
    case noBlobs

    /// What images need that have this fault: a blob, or the manifest whose blob is missing.
    package var subject: Digest? {
        switch self {
        case .blob(let path, _), .unreadable(let path, _):
            let name = path.split(separator: "/").last ?? ""
            return Digest(hex: name).flatMap { $0.blobPath == path ? $0 : nil }
        case .content(_, let manifest, _): return manifest
        case .manifest, .tree, .foreign, .link, .noBlobs: return nil
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
