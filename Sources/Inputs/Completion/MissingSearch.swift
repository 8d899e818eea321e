// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// Finds everything that a refused image lacks, because the dialects stop at the first missing part.
///
/// Damaged documents are skipped: they are another fault.
struct MissingSearch {
    private typealias Part = MissingContent.Part

    private let source: any MemberSource
    private let selection: Selection
    private let absence: Absence
    private var seen: Set<Digest> = []
    private var manifests: [Part] = []
    /// The missing blobs of manifests that have at least one blob.
    private var partial: [Part] = []
    /// The missing blobs of manifests that have none.
    private var rest: [Part] = []

    /// Lists what a manifest and everything below it lacks.
    static func parts(
        below root: Descriptor,
        in source: some MemberSource,
        _ selection: Selection,
        absence: Absence
    ) -> [MissingContent.Part] {
        var search = MissingSearch(source, selection, absence: absence)
        search.visit(root, depth: 0)
        return search.needed
    }

    private init(_ source: some MemberSource, _ selection: Selection, absence: Absence) {
        (self.source, self.selection, self.absence) = (source, selection, absence)
    }

    /// An engine saves one platform whole and others not at all, so of its images only the blobs of a
    /// platform that it did save count.
    private var needed: [Part] {
        let lost = manifests.filter { absence.wasCarried($0.digest) }
        let first = absence.needsAllBlobs ? lost + partial + rest : partial
        return [first, rest].first { !$0.isEmpty } ?? manifests
    }

    private mutating func visit(_ descriptor: Descriptor, depth: Int) {
        let count = manifests.count + partial.count + rest.count
        guard depth < Self.maximumDepth, count < MissingContent.maximumParts,
            seen.insert(descriptor.digest).inserted
        else { return }
        let path = descriptor.digest.blobPath
        guard !Self.lacks(path, in: source) else {
            manifests.append(Part(descriptor.digest, .manifest))
            return
        }
        guard let file = try? source.file(path, neededBy: path),
            let document = try? source.document(file),
            let manifest = try? Manifest(document, claimed: descriptor.mediaType)
        else { return }
        switch manifest.content {
        case .index(let children):
            for child in selection.split(children).wanted { visit(child, depth: depth + 1) }
        case .image(let config, let layers): add(manifest.blobs, config: config, layers: layers)
        }
    }

    /// More than a graph may have.
    private static let maximumDepth = 16

    private mutating func add(_ blobs: [Descriptor], config: Descriptor, layers: [Descriptor]) {
        let isForeign: (Descriptor) -> Bool = { [absence] blob in
            blob.mediaType.isForeignLayer && !absence.wasCarried(blob.digest)
        }
        let missing = blobs.filter { [source] blob in
            !isForeign(blob) && Self.lacks(blob.digest.blobPath, in: source)
        }
        let parts = missing.map { blob in
            let kind: MissingContent.Kind =
                blob.digest == config.digest
                ? .config : blob.mediaType.isImageLayer ? .layer : .blob
            return Part(blob.digest, kind)
        }
        if missing.count < blobs.count { partial += parts } else { rest += parts }
    }

    /// Whether a file is neither in the input nor elsewhere.
    private static func lacks(_ path: String, in source: any MemberSource) -> Bool {
        do throws(SourceFault) { return try !source.has(path, neededBy: path) } catch {
            return false
        }
    }
}

// The same for an image of `manifest.json`.
extension MissingSearch {
    /// Lists which of its config and layers an image lacks; those whose name has no digest are known
    /// only if the config names them.
    static func parts(
        of image: DockerArchive.Image,
        in source: some MemberSource
    ) -> [MissingContent.Part] {
        var parts: [Part] = []
        if lacks(image.config, in: source), let digest = MemberPath(image.config)?.namedDigest {
            parts.append(Part(digest, .config))
        }
        let file = try? source.file(image.config, neededBy: DockerArchive.path)
        let document = file.flatMap { try? source.document($0) }
        let diffIDs = document.flatMap { ImageConfig($0.json)?.diffIDs } ?? []
        for (number, path) in image.layers.enumerated()
        where !source.members.contains(path) && parts.count < MissingContent.maximumParts {
            let diffID = diffIDs.count == image.layers.count ? diffIDs[number] : nil
            let named = MemberPath(path)?.namedDigest
            let found = diffID.flatMap { source.elsewhere(.layer(diffID: $0)) }
            guard found == nil, diffID != nil || lacks(path, in: source),
                let digest = named ?? diffID
            else { continue }
            parts.append(Part(digest, .layer, isDiffID: digest == diffID))
        }
        return parts
    }
}
