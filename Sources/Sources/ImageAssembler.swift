// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Store

/// Makes images of drafts whose blobs have been checked, and commits them to the store.
struct ImageAssembler {
    let store: BlobStore
    let manifestKind: ManifestKind

    func assemble(
        _ draft: ImageDraft,
        _ blobs: [BlobNeed: Result<StoredBlob, SourceFault>],
        input: String
    ) throws(SourceFault) -> SavedImage {
        var stored: [StoredBlob] = []
        for need in draft.needs {
            guard let result = blobs[need] else {
                preconditionFailure("every need was met or failed")
            }
            stored.append(try result.get())
        }
        switch draft {
        case .original(let graph, let names):
            try commit(stored, documents: graph.documents)
            return SavedImage(
                root: graph.root.bare,
                names: names,
                input: input,
                platforms: graph.images.compactMap(\.platform).filter { !$0.isUnknown },
                isOriginal: true,
                subject: graph.subject,
                missing: graph.missing
            )
        case .rebuilt(let parts, let names):
            let manifest = try manifest(parts, layers: stored)
            try commit(stored, documents: [parts.config, manifest])
            return SavedImage(
                root: manifest.descriptor(manifestKind.mediaType),
                names: names,
                input: input,
                platforms: [parts.platform].compactMap(\.self),
                isOriginal: false,
                subject: nil,
                missing: []
            )
        }
    }

    private func manifest(
        _ parts: DockerParts,
        layers: [StoredBlob]
    ) throws(SourceFault) -> RawDocument {
        var descriptors: [Descriptor] = []
        for layer in layers {
            guard let type = MediaType.layer(layer.encoding, in: manifestKind) else {
                throw .inexpressible(layer.encoding, manifestKind)
            }
            descriptors.append(
                Descriptor(mediaType: type, digest: layer.digest, size: layer.size)
            )
        }
        let configType: MediaType = manifestKind == .dockerManifest ? .dockerConfig : .ociConfig
        return Manifest.image(
            manifestKind,
            config: parts.config.descriptor(configType),
            layers: descriptors
        )
    }

    /// Blobs and documents go in before anything can refer to them.
    private func commit(_ blobs: [StoredBlob], documents: [RawDocument]) throws(SourceFault) {
        try storing { () throws(FileError) in
            var staged = blobs.compactMap(\.staged)
            for document in documents where try !holds(document) {
                staged.append(try store.stage(document.bytes))
            }
            try store.commit(staged)
            for blob in blobs {
                guard let record = blob.record else { continue }
                try store.record(
                    EncodingRecord(digest: blob.digest, size: blob.size),
                    of: record.diffID,
                    recipe: record.recipe
                )
            }
        }
    }

    private func holds(_ document: RawDocument) throws(FileError) -> Bool {
        (try? store.document(document.digest)) == document.bytes
    }
}

extension Descriptor {
    /// Without what an `index.json` says about its place there.
    fileprivate var bare: Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: size)
    }
}
