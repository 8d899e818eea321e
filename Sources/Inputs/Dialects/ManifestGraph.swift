// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Streams

/// A manifest or index, and everything below it in the input.
///
/// Documents are read and checked here, but blobs are only located.
struct ManifestGraph {
    struct Image {
        let descriptor: Descriptor
        let platform: Platform?
        /// The blobs to copy, which are the config and the layers; the diffIDs of the layers come
        /// from the config.
        var blobs: [BlobNeed] = []
        /// The conflict between the layers and the config, if any.
        var disagreement: SourceFault?
        var hasRawLayers = false
        var config: Digest
    }

    private(set) var root: Descriptor
    private(set) var documents: [RawDocument] = []
    private(set) var images: [Image] = []
    /// Manifests that an index lists but the input lacks, because engines often save only one
    /// platform.
    private(set) var missing: [Descriptor] = []
    /// Manifests that an index lists and the user didn't select.
    private(set) var left: [Descriptor] = []
    /// Whether regstatic made the root in this run or an earlier one, so that no registry has its
    /// digest.
    ///
    /// This is also true if pruning an index left a single entry, and regstatic had made that
    /// index.
    private(set) var isMade: Bool
    /// The subject of the root, if the root is a referrer.
    private(set) var subject: Digest?
    private var seen: Set<Digest> = []
    private let checksLayers: Bool
    private let selection: Selection
    private let absence: Absence

    /// Reads a root and everything below it.
    ///
    /// Without `checksLayers`, a layer must match its digest, but not the config's diffID, because
    /// a registry serves everything that was pushed, and clients compare the diffID when they
    /// unpack the layer.
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

    /// Whether the graph is only for platforms that weren't selected.
    var isUnwanted: Bool {
        let platforms = images.map(\.platform)
        guard !left.isEmpty else { return !platforms.allSatisfy(selection.takes) }
        return platforms.allSatisfy { $0?.isUnknown == true }
    }

    /// The digests of all manifests in the graph, including missing and skipped ones.
    var known: Set<Digest> {
        Set([root.digest] + documents.map(\.digest) + (missing + left).map(\.digest)).union(seen)
    }

    /// The maximum depth of nested indexes, which is more than needed, because engines nest an
    /// index in another index only once.
    private static let maximumDepth = 8

    /// Adds a manifest.
    ///
    /// Returns nil if the manifest is complete, otherwise the digest of a missing part.
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
        try Self.check(document, against: descriptor, path: path)
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

    /// Replaces the root index by a new one without the missing and skipped images; if a single
    /// image remains, this image becomes the root.
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

    static func check(
        _ document: RawDocument,
        against descriptor: Descriptor,
        path: String
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
            image.disagreement = Self.disagreement(parsed, layers: layers, manifest: descriptor)
        }
        image.blobs = [try need(config, diffID: nil, in: source)]
        for (index, layer) in layers.enumerated() {
            guard try has(layer, of: descriptor, in: source) else {
                if layer.mediaType.isForeignLayer { continue }
                return (image, layer.digest)
            }
            if layer.mediaType.isForeignLayer, try isPlaceholder(layer, in: source) { continue }
            let isChecked =
                checksLayers && image.disagreement == nil && layer.mediaType.isImageLayer
            let diffIDs = parsed?.diffIDs ?? []
            let diffID = isChecked && diffIDs.count == layers.count ? diffIDs[index] : nil
            let need = try need(layer, diffID: diffID, in: source)
            image.blobs.append(need)
            guard let diffID else { continue }
            let format = try source.format(of: need.file)
            image.hasRawLayers = image.hasRawLayers || !format.isCompressed
            if !format.isCompressed, diffID != layer.digest {
                let fault = SourceFault.diffID(
                    member: need.file.path.description,
                    expected: diffID,
                    found: layer.digest
                )
                image.disagreement = source.explain(fault, of: need.file)
            }
        }
        return (image, nil)
    }

    /// Whether the input has a blob that a manifest names.
    ///
    /// - Throws: `SourceFault.lost` if the blob must exist but doesn't.
    private func has(
        _ blob: Descriptor,
        of manifest: Descriptor,
        in source: some MemberSource
    ) throws(SourceFault) -> Bool {
        if try source.has(blob.digest.blobPath, neededBy: "\(manifest.digest)") { return true }
        // Clients fetch a foreign layer from elsewhere, so the input may never have had it.
        let isOptional = !absence.needsAllBlobs || blob.mediaType.isForeignLayer
        guard isOptional, !absence.wasCarried(blob.digest) else {
            throw .lost(blob.digest, neededBy: manifest.digest)
        }
        return false
    }

    /// Whether the input has an empty file in the place of a layer; some tools write such files for
    /// foreign layers.
    private func isPlaceholder(
        _ layer: Descriptor,
        in source: some MemberSource
    ) throws(SourceFault) -> Bool {
        let file = try source.file(layer.digest.blobPath, neededBy: "\(root.digest)")
        return file.size == 0 && layer.size > 0
    }

    private func need(
        _ descriptor: Descriptor,
        diffID: Digest?,
        in source: some MemberSource
    ) throws(SourceFault) -> BlobNeed {
        let path = descriptor.digest.blobPath
        let file = try source.file(path, neededBy: "\(root.digest)")
        guard file.size == descriptor.size else {
            let fault = SourceFault.size(
                member: path,
                expected: descriptor.size,
                found: file.size
            )
            throw source.explain(fault, of: file)
        }
        return BlobNeed(file: file, form: .asIs(descriptor.digest, diffID: diffID))
    }
}
