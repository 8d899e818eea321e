// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel
internal import Store

extension SiteUpdate {
    /// Gives an image of the site more tags, and writes the site.
    ///
    /// An image that one of the tags named before stays available by digest until `prune`. If the
    /// site has all tags already, nothing is written.
    ///
    /// - Returns: the change, and the written files.
    /// - Throws: `LookupError` if the site lacks the image, `TagRefusal` if it can't hold a name,
    ///   `BlobError` if the image's content is missing, and the errors of `contents` and `write`.
    ///   Nothing has changed then, unless writing fails.
    package func tag(
        _ source: SiteReference,
        as tags: [NewTag]
    ) throws -> (tagging: SiteTagging, written: WrittenFiles) {
        var contents = try contents()
        let image = try contents.index.taggable(source, contents.graph)
        let tagging = try SiteTagging(image, as: tags, in: contents)
        guard !tagging.isEmpty else { return (tagging, WrittenFiles()) }
        try checkBlobs(of: tagging, contents.graph)
        contents.index = tagging.index
        return (tagging, try write(contents, records: [try site.inputs().kept(contents)]))
    }

    /// Refuses an image that can't be pulled, because a file of it is missing or has another size.
    ///
    /// Hashing is left to `verify`.
    private func checkBlobs(of tagging: SiteTagging, _ graph: SiteGraph) throws {
        let roots = Set(tagging.changes.map(\.entry.manifest.digest))
        let manifests = roots.reduce(into: Set<Digest>()) {
            $0.formUnion(graph.manifests(below: $1))
        }
        for blob in graph.blobs(of: manifests).values.sorted(by: { $0.digest < $1.digest }) {
            guard let size = try site.store.size(of: blob.digest) else {
                throw BlobError.missing(blob.digest)
            }
            guard size == blob.size else {
                throw BlobError.size(blob.digest, expected: blob.size, found: size)
            }
        }
    }
}
