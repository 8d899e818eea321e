// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
package import Inputs
internal import OCI
package import Site
package import SiteModel
internal import Store

/// The creation of a bundle from a site.
package struct BundleCreation {
    package struct Options {
        /// The images to carry; empty for all images of the site.
        package var names: [SiteReference] = []
        /// Images of which all content is carried, even if the receiving site has it.
        package var full: [SiteReference] = []
        /// Images that the receiving site shall remove.
        package var removed: [SiteReference] = []
        /// The maximum size of a file in bytes; nil for one file.
        package var volumeSize: Int?
        /// The maximum size in bytes of a file on the medium; a larger bundle becomes volumes.
        package var limitOfMedium: Int?
        /// Whether layers that changed a little are carried as patches.
        package var makesPatches = true
        /// The folder with the records of layers that regstatic encoded on this machine; nil for none.
        ///
        /// The records save time, and never change the bundle.
        package var cache: String?
        package var threads: Int

        package init(threads: Int) { self.threads = threads }
    }

    /// What a bundle contains, before it is written.
    package struct Draft {
        package let plan: BundlePlan
        package let document: BundleDocument
        /// The sizes of the files in bytes, without signatures.
        package let sizes: [Int]
        /// Images of which home lacks a part.
        package let sparse: [SparseImage]
    }

    private let site: SiteFolder
    private let scratch: BlobStore
    private let options: Options
    private let contents: SiteContents

    /// Reads the contents of the site; `scratch` is a folder for temporary files.
    ///
    /// - Throws: `SiteDamage`, `FileError`.
    package init(_ site: SiteFolder, scratch: String, _ options: Options) throws {
        self.site = site
        self.scratch = BlobStore(try Folder(scratch, creating: false))
        try self.scratch.prepare()
        self.options = options
        contents = SiteContents(site.index, try site.graph())
        try site.checkNothingIsLost(contents.graph, in: contents.index.entries)
    }

    /// Plans the bundle for a site.
    ///
    /// - Throws: `LookupError`, `BundleRefusal`, `VolumeError`, `BlobError`, `FileError`.
    package func draft(for receiver: ReceivingSite, progress: any Progress) throws -> Draft {
        let removed = try removed(receiver.inventory)
        let names = Set(removed.map(\.name))
        // An image that home keeps may be removed from the receiving site.
        let entries = try contents.entries(named: options.names)
            .filter { !names.contains($0.name) }
        let full = try Set(options.full.map { try contents.index.entry($0).name })
        let have = receiver.inventory
        let plan = BundlePlan(
            entries,
            of: contents,
            have: have,
            full: full,
            images: options.makesPatches ? LayeredImage.all(contents, diffIDs: diffIDs) : [],
            bases: options.makesPatches ? try bases(of: receiver) : PatchBases([])
        )
        let maker = PatchMaker(
            site.store,
            others: receiver.sites.map(\.store),
            scratch: scratch,
            cache: LayerCache(options.cache),
            threads: options.threads
        )
        let patches = try maker.patches(
            plan.candidates,
            encoders: have.encoders,
            progress: progress
        )
        var document = plan.document(patches, removed: removed)
        var sizes = BundleTar.sizes(document, plan.index)
        if let limit = limit(of: sizes[0]) {
            try divide(&document, plan, limit: limit, progress: progress)
            sizes = BundleTar.sizes(document, plan.index)
        }
        let sparse = SparseImage.all(of: plan.index, contents.graph) {
            contents.graph.nodes[$0] != nil
        }
        return Draft(plan: plan, document: document, sizes: sizes, sparse: sparse)
    }

    /// The maximum size of a volume in bytes; nil if the bundle of this size is one file.
    private func limit(of size: Int) -> Int? {
        guard let largest = options.limitOfMedium, size + BundleTar.expectedSignature > largest
        else { return options.volumeSize }
        return min(largest, options.volumeSize ?? largest)
    }

    private func diffIDs(of node: SiteGraph.Node) -> [Digest]? { site.store.diffIDs(of: node) }

    /// The images of the receiving site whose layers are at hand.
    private func bases(of receiver: ReceivingSite) throws -> PatchBases {
        let have = receiver.inventory
        var images = LayeredImage.all(contents, diffIDs: diffIDs)
        for other in receiver.sites {
            let contents = SiteContents(other.index, try other.intactGraph())
            images += LayeredImage.all(contents) { other.store.diffIDs(of: $0) }
        }
        return PatchBases(
            images.compactMap { image in
                image.keeping { layer in
                    have.layers[layer.diffID] != nil || have.blobs[layer.blob.digest] != nil
                }
            }
        )
    }

    /// The images to remove, with the manifests that the receiving site has.
    private func removed(_ have: SiteInventory) throws -> [BundleDocument.Tag] {
        try options.removed
            .map { reference in
                let name = reference.description
                guard let manifest = have.tags[name] else {
                    let present = have.tags.keys.filter { $0.hasPrefix("\(reference.repository):") }
                    throw LookupError.noSuchImage(reference, present: present.sorted())
                }
                return BundleDocument.Tag(name: name, manifest: manifest, previous: manifest)
            }
            .sorted { $0.name < $1.name }
    }

    /// Distributes the content over volumes, and hashes the pieces of large blobs.
    private func divide(
        _ document: inout BundleDocument,
        _ plan: BundlePlan,
        limit: Int,
        progress: any Progress
    ) throws {
        let overhead = BundleTar.overhead(document, plan.index, limit: limit)
        let volumes = try VolumePlan(document.contents, limit: limit, overhead: overhead).volumes
        guard volumes.count > 1 else { return }
        let patches = Set(document.patches.map(\.patch.digest))
        var readers: [Digest: FileReader] = [:]
        document.volumes = try volumes.map { parts in
            BundleDocument.Volume(
                parts: try parts.map { part in
                    guard part.piece != nil else {
                        return BundleDocument.Part(
                            content: part.content,
                            piece: nil,
                            size: part.size,
                            digest: part.content
                        )
                    }
                    let store = patches.contains(part.content) ? scratch : site.store
                    let reader = try readers[part.content] ?? store.reader(of: part.content)
                    readers[part.content] = reader
                    let digest = unsafe try reader.digest(ofNext: part.size) {
                        progress.advance($0.count)
                    }
                    guard let digest else {
                        throw BlobError.size(
                            part.content,
                            expected: document.size(of: part.content),
                            found: reader.size
                        )
                    }
                    return BundleDocument.Part(
                        content: part.content,
                        piece: part.piece,
                        size: part.size,
                        digest: digest
                    )
                }
            )
        }
    }

    /// Writes the bundle, with a signature of bundle.json if there is one: one file, or the volumes
    /// `PATH.001` and so on.
    ///
    /// - Returns: the paths of the files.
    /// - Throws: `FileError`, before a byte is written if there is no room; `BlobError` if the site is
    ///   damaged.
    package func write(
        _ draft: Draft,
        to path: String,
        signature: [UInt8]?,
        progress: any Progress
    ) throws -> [String] {
        let document = draft.document
        let paths =
            document.volumes.isEmpty
            ? [path] : document.volumes.indices.map { BundleFiles.volumePath(path, $0) }
        let room = signature == nil ? 0 : BundleTar.expectedSignature
        try OutputFile.checkRoom(for: zip(paths, draft.sizes).map { ($0, $1 + room) })
        progress.expect(document.contents.reduce(0) { $0 + $1.size })
        let tar = BundleTar(
            document,
            index: draft.plan.index,
            signature: signature,
            from: site.store,
            patchesFrom: scratch
        )
        for (number, path) in paths.enumerated() {
            let volume = document.volumes.isEmpty ? nil : number
            try tar.write(volume: volume, to: path, progress: progress)
        }
        return paths
    }
}

extension BundleDocument {
    fileprivate func size(of content: Digest) -> Int {
        contents.first { $0.digest == content }?.size ?? 0
    }
}
