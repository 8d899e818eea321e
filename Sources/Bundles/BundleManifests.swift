// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
internal import OCI
internal import SiteModel
internal import Store

/// The manifests of a bundle, and those of the site that receives it.
struct BundleManifests: ManifestStore {
    private let bundle: BundleFiles
    /// Nil if only the bundle is read.
    private let store: BlobStore?
    private let listed: Set<Digest>

    init(_ bundle: BundleFiles, beside store: BlobStore?) {
        (self.bundle, self.store) = (bundle, store)
        let document = bundle.document
        listed = Set(
            document.needs.map(\.digest) + document.carries.map(\.digest)
                + document.patches.map(\.layer.digest)
        )
    }

    /// What is in neither list of bundle.json is missing, even if the site has it: home didn't have it,
    /// such as a platform of an index.
    func document(_ digest: Digest) throws -> [UInt8] {
        guard listed.contains(digest) else { throw BlobError.missing(digest) }
        if let bytes = try bundle.bytes(of: digest, limit: JSONLimits.document.bytes) {
            return bytes
        }
        guard let store else { throw BlobError.missing(digest) }
        return try store.document(digest)
    }

    func has(_ blob: Digest) -> Bool { listed.contains(blob) }
}

extension BundleFiles {
    /// Images of which the bundle neither contains nor requires a part, as far as these files have
    /// their manifests.
    ///
    /// Content that can't be read is left out; `verify` reports it.
    package var sparseImages: [SparseImage] {
        let manifests = BundleManifests(self, beside: nil)
        var graph = SiteGraph()
        for entry in index.entries { try? graph.load(entry.manifest, from: manifests) }
        return SparseImage.all(of: index, graph, isListed: manifests.has)
    }
}
