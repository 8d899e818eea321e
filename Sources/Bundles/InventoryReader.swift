// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
package import BundleModel
internal import Compression
package import OCI
package import Site
package import SiteModel
package import Store
internal import Streams

extension SiteFolder {
    /// The inventory of a site.
    ///
    /// - Throws: `SiteDamage.manifest`, `FileError`.
    package func inventory() throws -> SiteInventory {
        let contents = SiteContents(index, try graph())
        var inventory = SiteInventory()
        inventory.add(contents, diffIDs: store.diffIDs)
        // Content that is missing must not be left out of a bundle.
        for (digest, size) in inventory.blobs where try store.size(of: digest) != size {
            inventory.blobs[digest] = nil
        }
        inventory.layers = inventory.layers.filter { inventory.blobs[$0.value] != nil }
        inventory.encoders = Set(Recipe.encoders)
        return inventory
    }
}

extension BlobStore {
    /// The diffIDs of an image's layers, from its config; nil if the config isn't an image's config or
    /// can't be read.
    package func diffIDs(of node: SiteGraph.Node) -> [Digest]? {
        guard case .image(let config, let layers) = node.manifest.content,
            config.mediaType.isImageConfig,
            let bytes = try? document(config.digest),
            let json = try? RawDocument(bytes).json,
            let diffIDs = ImageConfig(json)?.diffIDs, diffIDs.count == layers.count
        else { return nil }
        return diffIDs
    }
}

/// What a receiving site has, according to inventories, sites, index.json files and earlier bundles.
package struct ReceivingSite {
    package private(set) var inventory = SiteInventory()
    /// Sites at hand whose layers can be the bases of patches, besides the site of the bundle.
    package private(set) var sites: [SiteFolder] = []

    package init() {}

    /// Adds what a file or folder says that the site has.
    ///
    /// `home` is the store of the bundle's site, which may have the manifests of an index.json.
    ///
    /// - Throws: `BundleFailure`, `SiteDamage`, `FileError`.
    package mutating func add(_ path: String, home: BlobStore) throws {
        // Every volume of a bundle has the document, so the first one at hand is enough.
        let path = BundleFiles.paths(path)[0]
        let file: InputFile
        do { file = try InputFile(path: path) } catch {
            throw BundleFailure(path: path, cause: error)
        }
        if case .folder = file.kind {
            let site = try SiteFolder.forReading(path)
            inventory.add(try site.inventory())
            sites.append(site)
            return
        }
        if BundleFile.isBundle(path) {
            try add(bundle: path, home: home)
            return
        }
        do {
            try add(document: try Self.contents(file), home: home)
        } catch {
            throw BundleFailure(path: path, cause: error)
        }
    }

    private static func contents(_ file: InputFile) throws -> [UInt8] {
        let limit = maximumInventory
        let bytes = try FileStream(file).bytes(limit + 1)
        guard bytes.count <= limit else { throw BundleError.notAnInventory }
        return bytes
    }

    /// The maximum size of an inventory in bytes.
    package static let maximumInventory = 64 << 20

    private mutating func add(document bytes: [UInt8], home: BlobStore) throws {
        var limits = JSONLimits.list
        limits.bytes = Self.maximumInventory
        guard let json = try? JSON(parsing: bytes, limits: limits) else {
            throw BundleError.notAnInventory
        }
        if let inventory = try SiteInventory(json) {
            self.inventory.add(inventory)
        } else if let index = try? SiteIndex(parsing: bytes) {
            add(index, from: home)
        } else {
            throw BundleError.notAnInventory
        }
    }

    /// Adds the images of an index.json, as far as the store has their manifests.
    private mutating func add(_ index: SiteIndex, from store: some ManifestStore) {
        var graph = SiteGraph()
        for entry in index.entries where !entry.isReplaced {
            inventory.tags[entry.name] = entry.manifest.digest
            inventory.blobs[entry.manifest.digest] = entry.manifest.size
            try? graph.load(entry.manifest, from: store)
        }
        for digest in graph.nodes.keys.sorted() {
            inventory.blobs[digest] = nil
            inventory.add(digest, graph) { (store as? BlobStore)?.diffIDs(of: $0) }
        }
    }

    /// Adds what a site has after it received an earlier bundle.
    private mutating func add(bundle path: String, home: BlobStore) throws {
        let bundle = try BundleFiles([path])
        var added = SiteInventory()
        let document = bundle.document
        for tag in document.tags { added.tags[tag.name] = tag.manifest }
        for need in document.needs { added.blobs[need.digest] = need.size }
        for content in document.carries + document.patches.map(\.layer) {
            added.blobs[content.digest] = content.size
        }
        for patch in document.patches { added.layers[patch.diffID] = patch.layer.digest }
        inventory.add(added)
        for tag in document.removed { inventory.tags[tag.name] = nil }
    }
}
