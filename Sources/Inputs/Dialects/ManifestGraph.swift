// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Streams

/// A manifest or index and everything below it, as far as an archive has it.
///
/// Documents are read and checked here; blobs are only found.
struct ManifestGraph {
    struct Image {
        let descriptor: Descriptor
        let platform: Platform?
        /// What to copy: config and layers, with the diffID that the config gives a layer.
        var blobs: [BlobNeed] = []
        /// How the layers disagree with the config, if they do.
        var disagreement: SourceFault?
        var hasRawLayers = false
        var config: Digest
    }

    private(set) var root: Descriptor
    private(set) var documents: [RawDocument] = []
    private(set) var images: [Image] = []
    /// What an index names and the archive lacks: engines save one platform of many.
    private(set) var missing: [Descriptor] = []
    /// What an index names and nobody wants.
    private(set) var left: [Descriptor] = []
    /// Whether a build made the root, this one or one before it, so that no registry has its digest;
    /// also of what is left of an index that a build made.
    private(set) var isMade: Bool
    /// What the root refers to, if it is an artifact of another image.
    private(set) var subject: Digest?
    private var seen: Set<Digest> = []
    private let checksLayers: Bool
    private let selection: Selection
    private let absence: Absence

    /// Reads a root and all below it.
    ///
    /// Without `checksLayers` a layer is what its digest says, and need not hold the config's diffID:
    /// a registry serves what was pushed, and clients compare the two when they unpack it.
    init(
        _ root: Descriptor,
        in source: some MemberSource,
        _ selection: Selection,
        absence: Absence,
        isMade: Bool = false,
        checksLayers: Bool = true
    ) throws(SourceFault) {
        self.root = root
        self.isMade = isMade
        self.selection = selection
        self.absence = absence
        self.checksLayers = checksLayers
        if let absent = try visit(root, in: source, depth: 0) {
            throw .incomplete(root.digest, missing: absent)
        }
        if let absent = missing.first, !images.contains(where: { $0.platform?.isUnknown != true }) {
            throw .incomplete(root.digest, missing: absent.digest)
        }
        if selection.gaps == .prune { try prune() }
    }

    /// Whether nothing of it runs where it is wanted.
    var isUnwanted: Bool {
        let platforms = images.map(\.platform)
        guard !left.isEmpty else { return !platforms.allSatisfy(selection.takes) }
        return platforms.allSatisfy { $0?.isUnknown == true }
    }

    /// Every manifest that it names, whether or not it is taken in.
    var known: Set<Digest> {
        Set([root.digest] + documents.map(\.digest) + (missing + left).map(\.digest)).union(seen)
    }

    /// Engines nest an index in another once.
    private static let maximumDepth = 8
    /// Engines stop at 127.
    private static let maximumLayers = 1024

    /// Takes in a manifest.
    ///
    /// Returns what it lacks if it isn't complete.
    private mutating func visit(
        _ descriptor: Descriptor,
        in source: some MemberSource,
        depth: Int
    ) throws(SourceFault) -> Digest? {
        guard seen.insert(descriptor.digest).inserted else { return nil }
        let path = descriptor.digest.blobPath
        guard try source.has(path, neededBy: "\(root.digest)") else {
            guard !absence.wasCarried(descriptor.digest) else {
                throw .lost(descriptor.digest, neededBy: root.digest)
            }
            return descriptor.digest
        }
        let document = try source.document(try source.file(path, neededBy: "\(root.digest)"))
        try Self.check(document, descriptor, path)
        let manifest: Manifest
        do {
            manifest = try Manifest(document, claimed: descriptor.mediaType)
        } catch {
            throw .manifest(error, document: path)
        }
        if depth == 0 { subject = manifest.subject }
        guard depth < Self.maximumDepth else {
            throw .manifest(.field("indexes in indexes, \(depth) deep"), document: path)
        }
        switch manifest.content {
        case .index(let children): try visit(children, in: source, depth: depth + 1)
        case .image(let config, let layers):
            let image = try image(descriptor, config: config, layers: layers, in: source)
            if let absent = image.absent { return absent }
            images.append(image.found)
        }
        documents.append(document)
        return nil
    }

    private mutating func visit(
        _ children: [Descriptor],
        in source: some MemberSource,
        depth: Int
    ) throws(SourceFault) {
        let (wanted, left) = selection.split(children)
        self.left += left
        for child in wanted where try visit(child, in: source, depth: depth) != nil {
            missing.append(child)
        }
    }

    /// Writes the root's index anew without what isn't there; a single image needs none.
    private mutating func prune() throws(SourceFault) {
        let absent = Set((missing + left).map(\.digest))
        guard !absent.isEmpty, let index = documents.first(where: { $0.digest == root.digest }),
            let entries = index.json["manifests"]?.array, let members = index.json.members
        else { return }
        let kept = entries.filter { entry in
            Descriptor(entry).map { !absent.contains($0.digest) } ?? false
        }
        guard kept.count < entries.count else { return }
        documents.removeAll { $0.digest == root.digest }
        missing.removeAll()
        if kept.count == 1, let only = Descriptor(kept[0]) {
            root = only
            return
        }
        let json = members.map { $0.key == "manifests" ? JSON.Member($0.key, .array(kept)) : $0 }
        let document = RawDocument(writing: .object(json))
        documents.append(document)
        root = document.descriptor(root.mediaType)
        isMade = true
    }

    private static func check(
        _ document: RawDocument,
        _ descriptor: Descriptor,
        _ path: String
    ) throws(SourceFault) {
        guard document.digest == descriptor.digest else {
            throw .digest(member: path, expected: descriptor.digest, found: document.digest)
        }
        guard document.bytes.count == descriptor.size else {
            throw .size(member: path, expected: descriptor.size, found: document.bytes.count)
        }
    }

    private func image(
        _ descriptor: Descriptor,
        config: Descriptor,
        layers: [Descriptor],
        in source: some MemberSource
    ) throws(SourceFault) -> (found: Image, absent: Digest?) {
        var image = Image(
            descriptor: descriptor,
            platform: descriptor.platform,
            config: config.digest
        )
        guard try has(config, of: descriptor, in: source) else { return (image, config.digest) }
        let parsed = try imageConfig(config, layers: layers, in: source)
        if let parsed {
            image = Image(
                descriptor: descriptor,
                platform: descriptor.platform ?? parsed.platform,
                config: config.digest
            )
            image.disagreement = Self.disagreement(parsed, layers, descriptor)
        }
        image.blobs = [try need(config, diffID: nil, in: source)]
        for (index, layer) in layers.enumerated() {
            guard try has(layer, of: descriptor, in: source) else {
                if layer.mediaType.isForeignLayer { continue }
                return (image, layer.digest)
            }
            let isChecked = checksLayers && image.disagreement == nil
            let diffID = isChecked ? parsed?.diffIDs[index] : nil
            let need = try need(layer, diffID: diffID, in: source)
            image.blobs.append(need)
            guard let diffID else { continue }
            let format = try source.format(of: need.file)
            image.hasRawLayers = image.hasRawLayers || !format.isCompressed
            if !format.isCompressed, diffID != layer.digest {
                image.disagreement = .diffID(
                    member: need.file.path.description,
                    expected: diffID,
                    found: layer.digest
                )
            }
        }
        return (image, nil)
    }

    /// Whether a blob of a manifest is there.
    ///
    /// - Throws: `SourceFault.lost` if it must be there and isn't.
    private func has(
        _ blob: Descriptor,
        of manifest: Descriptor,
        in source: some MemberSource
    ) throws(SourceFault) -> Bool {
        if try source.has(blob.digest.blobPath, neededBy: "\(manifest.digest)") { return true }
        // A foreign layer is fetched from elsewhere: it may never have been there.
        let isOptional = !absence.needsAllBlobs || blob.mediaType.isForeignLayer
        guard isOptional, !absence.wasCarried(blob.digest) else {
            throw .lost(blob.digest, neededBy: manifest.digest)
        }
        return false
    }

    static func checkLayerCount(_ count: Int) throws(SourceFault) {
        guard count > maximumLayers else { return }
        throw .archive(.limit(what: "layers in an image", limit: maximumLayers), member: nil)
    }

    /// The view of an image's config; nil for artifacts, whose layers are no root file system.
    private func imageConfig(
        _ config: Descriptor,
        layers: [Descriptor],
        in source: some MemberSource
    ) throws(SourceFault) -> ImageConfig? {
        try Self.checkLayerCount(layers.count)
        let hasRoot = layers.contains(where: \.mediaType.isImageLayer)
        guard config.mediaType.isImageConfig, hasRoot || layers.isEmpty else {
            return nil
        }
        let path = config.digest.blobPath
        let document = try source.document(try source.file(path, neededBy: "\(root.digest)"))
        try Self.check(document, config, path)
        guard let parsed = ImageConfig(document.json) else {
            guard hasRoot else { return nil }
            throw .configWithoutLayers(document: path)
        }
        return parsed
    }

    private static func disagreement(
        _ config: ImageConfig,
        _ layers: [Descriptor],
        _ manifest: Descriptor
    ) -> SourceFault? {
        guard config.diffIDs.count != layers.count else { return nil }
        return .layerCount(
            document: manifest.digest.blobPath,
            layers: layers.count,
            diffIDs: config.diffIDs.count
        )
    }

    private func need(
        _ descriptor: Descriptor,
        diffID: Digest?,
        in source: some MemberSource
    ) throws(SourceFault) -> BlobNeed {
        let path = descriptor.digest.blobPath
        let file = try source.file(path, neededBy: "\(root.digest)")
        guard file.size == descriptor.size else {
            throw .size(member: path, expected: descriptor.size, found: file.size)
        }
        return BlobNeed(file: file, form: .asIs(descriptor.digest, diffID: diffID))
    }
}

extension MediaType {
    /// Whether it is a tar of a root file system, in any of the layer types.
    fileprivate var isImageLayer: Bool {
        description.contains(".image.layer.") || description.contains(".image.rootfs.")
    }
}
