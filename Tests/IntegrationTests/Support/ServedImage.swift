// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// An image or chart as a site serves it, for clients that keep what they pull in a form of their own.
struct ServedImage: Sendable {
    /// The digest of what the tag names: an index, or the manifest.
    let root: Digest
    /// The manifest for linux/amd64.
    let manifest: Digest
    let config: Digest
    /// As they are served, which is compressed.
    let layers: [Digest]
    /// Empty for a chart.
    let diffIDs: [Digest]

    init(_ client: HTTPClient, _ repository: String, _ tag: String) throws {
        var bytes = try client.get("/v2/\(repository)/manifests/\(tag)").body
        root = Digest(of: bytes)
        if let children = try JSON(parsing: bytes)["manifests"]?.array {
            let amd64 = children.first { $0["platform"]?["architecture"]?.string == "amd64" }
            let digest = amd64?["digest"]?.string ?? "none"
            bytes = try client.get("/v2/\(repository)/manifests/\(digest)").body
        }
        manifest = Digest(of: bytes)
        let json = try JSON(parsing: bytes)
        guard let config = json["config"].flatMap(Descriptor.init),
            let layers = json["layers"]?.array?.compactMap(Descriptor.init)
        else { throw Missing(description: "\(repository):\(tag) has no manifest") }
        self.config = config.digest
        self.layers = layers.map(\.digest)
        let blob = try client.get("/v2/\(repository)/blobs/\(config.digest)").body
        diffIDs = ImageConfig(try JSON(parsing: blob))?.diffIDs ?? []
    }
}
