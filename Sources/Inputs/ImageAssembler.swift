// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// An image with all its blobs and documents, ready to be committed to the store.
struct AssembledImage {
    let image: SavedImage
    let blobs: [StoredBlob]
    let documents: [RawDocument]
}

/// Makes complete images from drafts and their checked blobs.
struct ImageAssembler {
    let manifestKind: ManifestKind

    func assemble(
        _ draft: ImageDraft,
        _ blobs: [BlobNeed: Result<StoredBlob, SourceFault>],
        input: String
    ) throws(SourceFault) -> AssembledImage {
        var stored: [StoredBlob] = []
        for need in draft.needs {
            guard let result = blobs[need] else {
                preconditionFailure("every need was met or failed")
            }
            stored.append(try result.get())
        }
        switch draft {
        case .served(let graph, let names):
            let image = SavedImage(
                root: graph.root.bare,
                names: names,
                input: input,
                platforms: graph.images.compactMap(\.platform).filter { !$0.isUnknown },
                isMade: graph.isMade,
                subject: graph.subject,
                missing: graph.missing
            )
            return AssembledImage(image: image, blobs: stored, documents: graph.documents)
        case .made(let parts, let names):
            let manifest = try manifest(parts, layers: stored)
            let image = SavedImage(
                root: manifest.descriptor(manifestKind.mediaType),
                names: names,
                input: input,
                platforms: [parts.platform].compactMap(\.self),
                isMade: true,
                recipe: stored.compactMap(\.recipe).first,
                subject: nil,
                missing: []
            )
            return AssembledImage(
                image: image,
                blobs: stored,
                documents: [parts.config, manifest]
            )
        }
    }

    private func manifest(
        _ parts: ConfigAndLayers,
        layers: [StoredBlob]
    ) throws(SourceFault) -> RawDocument {
        var descriptors: [Descriptor] = []
        for layer in layers {
            guard let encoding = layer.encoding else {
                preconditionFailure("the layers of a made manifest have a known encoding")
            }
            guard let type = MediaType.layer(encoding, in: manifestKind) else {
                throw .inexpressible(encoding, manifestKind)
            }
            descriptors.append(
                Descriptor(
                    mediaType: type,
                    digest: layer.digest,
                    size: layer.size,
                    annotations: layer.annotations
                )
            )
        }
        let configType: MediaType = manifestKind == .dockerManifest ? .dockerConfig : .ociConfig
        return Manifest.image(
            manifestKind,
            config: parts.config.descriptor(configType),
            layers: descriptors
        )
    }
}

extension Descriptor {
    /// The descriptor without the platform and annotations from its entry in `index.json`.
    fileprivate var bare: Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: size)
    }
}
