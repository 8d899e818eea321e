// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// Access to the store's blobs and the layer records, which help to avoid repeated work.
struct LayerLedger: Sendable {
    let store: BlobStore
    let recipe: Recipe
    let cache: LayerCache
    let budget: ExpansionBudget

    private var encoded: LayerCacheEntry.Topic { .encoded(recipe: recipe.name) }

    /// Whether the store has this blob intact.
    ///
    /// A damaged blob is written again.
    func holds(_ digest: Digest, size: Int) -> Bool {
        (try? store.verify(digest, size: size)) != nil
    }

    /// Whether a record shows that a blob has this diffID, so that regstatic needn't decompress the
    /// blob again.
    func isKnown(_ digest: Digest, toHold diffID: Digest?) -> Bool {
        guard let diffID, diffID != digest else { return true }
        return cache.record(.decoded, of: digest)?.digest == diffID
    }

    /// Finds an earlier run's encoding of a layer, if the store still has it.
    func encoding(of diffID: Digest) -> LayerCacheEntry? {
        cache.record(encoded, of: diffID).flatMap { holds($0.digest, size: $0.size) ? $0 : nil }
    }

    /// Checks a member's copy against the digests in its `BlobNeed`, and returns the copy as a
    /// stored blob.
    func entry(
        _ copy: BlobCopy.Result,
        for need: BlobNeed,
        _ encoding: LayerEncoding?
    ) throws(SourceFault) -> StoredBlob {
        if case .asIs(let digest, _) = need.form {
            try need.check(digest: digest, found: copy.blob.digest)
        }
        if need.diffID != nil { try need.check(diffID: copy.diffID.get()) }
        return entry(copy.blob, encoding, record: need.record(decoded: copy.blob))
    }

    /// Returns a stored blob for a layer that the recipe encoded.
    func entry(_ layer: RecodedLayer) -> StoredBlob {
        let blob = layer.blob
        let record = LayerCacheEntry(
            encoded,
            of: layer.diffID,
            digest: blob.digest,
            size: blob.size,
            annotations: layer.annotations
        )
        var stored = entry(blob, recipe.encoding, record: record)
        (stored.recipe, stored.annotations) = (recipe.name, layer.annotations)
        return stored
    }

    /// Returns the stored blob for a staged file.
    ///
    /// If the store already has an intact copy, that copy is used instead of the staged file.
    private func entry(
        _ blob: StagedBlob,
        _ encoding: LayerEncoding?,
        record: LayerCacheEntry?
    ) -> StoredBlob {
        StoredBlob(
            digest: blob.digest,
            size: blob.size,
            encoding: encoding,
            staged: holds(blob.digest, size: blob.size) ? nil : blob,
            record: record
        )
    }
}

extension BlobNeed {
    /// The record that maps the digest of a registry's layer to its diffID.
    fileprivate func record(decoded blob: StagedBlob) -> LayerCacheEntry? {
        guard case .asIs(let digest, let diffID?) = form else { return nil }
        return LayerCacheEntry(.decoded, of: digest, digest: diffID, size: blob.size)
    }
}
