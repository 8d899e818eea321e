// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// What a site has: its images, its blobs, and the diffIDs of its layers.
///
/// A bundle for the site leaves out everything in its inventory.
package struct SiteInventory: Hashable, Sendable {
    /// Entry name (`name:tag` or `name@digest`) → manifest.
    package var tags: [String: Digest] = [:]
    /// The manifests, configs and layers, with their sizes in bytes.
    package var blobs: [Digest: Int] = [:]
    /// DiffID → layer.
    package var layers: [Digest: Digest] = [:]
    /// The encoders of the regstatic that wrote the inventory; empty if unknown.
    package var encoders: Set<String> = []

    package init() {}

    /// The value of the inventory's `mediaType`.
    package static let mediaType = "application/vnd.regstatic.inventory.v1+json"

    /// Adds the images of an index, everything that belongs to them, and their layers.
    ///
    /// `diffIDs` lists the diffIDs of an image's layers; nil if they are unknown. Replaced entries are
    /// left out, because `prune` may remove them before the bundle arrives.
    package mutating func add(
        _ contents: SiteContents,
        diffIDs: (SiteGraph.Node) -> [Digest]?
    ) {
        for entry in contents.index.entries where !entry.isReplaced {
            tags[entry.name] = entry.manifest.digest
            add(entry.manifest.digest, contents.graph, diffIDs: diffIDs)
        }
    }

    /// Adds a manifest and everything below it.
    package mutating func add(
        _ root: Digest,
        _ graph: SiteGraph,
        diffIDs: (SiteGraph.Node) -> [Digest]?
    ) {
        guard blobs[root] == nil else { return }
        for digest in graph.manifests(below: root) {
            guard let node = graph.nodes[digest] else { continue }
            blobs[digest] = node.bytes.count
            for blob in node.blobs { blobs[blob.digest] = blob.size }
            guard case .image(_, let descriptors) = node.manifest.content,
                let diffIDs = diffIDs(node), diffIDs.count == descriptors.count
            else { continue }
            let present = Set(node.blobs.map(\.digest))
            for (diffID, layer) in zip(diffIDs, descriptors) where present.contains(layer.digest) {
                // If one layer has several encodings, take the smallest digest, so that the choice
                // doesn't depend on the order.
                layers[diffID] = min(layer.digest, layers[diffID] ?? layer.digest)
            }
        }
    }

    /// Adds everything of another inventory, whose images replace images of the same name.
    package mutating func add(_ other: SiteInventory) {
        tags.merge(other.tags) { $1 }
        blobs.merge(other.blobs) { $1 }
        layers.merge(other.layers, uniquingKeysWith: min)
        // A patch must work with everything that the site may have.
        if encoders.isEmpty || other.encoders.isEmpty {
            encoders.formUnion(other.encoders)
        } else {
            encoders.formIntersection(other.encoders)
        }
    }
}

// The JSON form, which is canonical.
extension SiteInventory {
    /// Reads an inventory; nil if the document is none.
    ///
    /// - Throws: `BundleError.damaged` if the document is an inventory with an invalid value.
    package init?(_ json: JSON) throws(BundleError) {
        guard json["mediaType"]?.string == Self.mediaType else { return nil }
        func members(_ key: String) throws(BundleError) -> [JSON.Member] {
            guard let members = json[key]?.members else {
                throw .damaged("\(key) in the inventory")
            }
            return members
        }
        for tag in try members("tags") {
            guard let digest = tag.value.string.flatMap({ Digest($0) }) else {
                throw .damaged("tags in the inventory")
            }
            tags[tag.key] = digest
        }
        for blob in try members("blobs") {
            guard let digest = Digest(blob.key), let size = blob.value.integer,
                (0...Descriptor.maximumSize).contains(size)
            else { throw .damaged("blobs in the inventory") }
            blobs[digest] = size
        }
        for layer in try members("layers") {
            guard let diffID = Digest(layer.key),
                let digest = layer.value.string.flatMap({ Digest($0) })
            else { throw .damaged("layers in the inventory") }
            layers[diffID] = digest
        }
        encoders = Set((json["encoders"]?.array ?? []).compactMap(\.string))
    }

    /// The bytes of the inventory's file.
    package var bytes: [UInt8] {
        var writer = JSONWriter(capacity: tags.count * 130 + blobs.count * 90 + layers.count * 150)
        writer.beginObject()
        writer.add("mediaType", .string(Self.mediaType))
        writer.add("encoders", .array(encoders.sorted().map(JSON.string)))
        writer.beginObject("tags")
        for (name, digest) in tags.sorted(by: { $0.key < $1.key }) {
            writer.add(name, .string("\(digest)"))
        }
        writer.endObject()
        writer.beginObject("blobs")
        for (digest, size) in blobs.sorted(by: { $0.key < $1.key }) {
            writer.add("\(digest)", .integer(size))
        }
        writer.endObject()
        writer.beginObject("layers")
        for (diffID, digest) in layers.sorted(by: { $0.key < $1.key }) {
            writer.add("\(diffID)", .string("\(digest)"))
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
