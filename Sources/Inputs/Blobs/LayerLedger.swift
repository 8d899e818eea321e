// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Compression
internal import OCI
internal import Store
internal import Streams

/// What the store has and knows of layers already: nothing is made or written twice.
struct LayerLedger: Sendable {
    let store: BlobStore
    let recipe: Recipe

    private var encoded: LayerRecord.Topic { .encoded(recipe: recipe.name) }

    /// Whether the store has a blob whose bytes are right.
    ///
    /// A damaged one is written anew.
    func holds(_ digest: Digest, size: Int) -> Bool {
        (try? store.verify(digest, size: size)) != nil
    }

    /// Whether a blob is known to hold a layer: nothing needs to be decompressed again then.
    func isKnown(_ digest: Digest, toHold diffID: Digest?) throws(SourceFault) -> Bool {
        guard let diffID, diffID != digest else { return true }
        return try storing { () throws(FileError) in
            try store.record(.decoded, of: digest)?.digest == diffID
        }
    }

    /// What an earlier run made of a layer, if the store still has it.
    func encoding(of diffID: Digest) throws(SourceFault) -> LayerRecord? {
        let record = try storing { () throws(FileError) in try store.record(encoded, of: diffID) }
        return record.flatMap { holds($0.digest, size: $0.size) ? $0 : nil }
    }

    /// A copy of a member, once it is what was needed.
    func entry(
        _ copy: BlobCopy.Result,
        for need: BlobNeed,
        _ encoding: LayerEncoding?
    ) throws(SourceFault) -> StoredBlob {
        if case .asIs(let digest, _) = need.form {
            try need.check(digest: digest, found: copy.blob.digest)
        }
        if need.diffID != nil { try need.check(diffID: copy.diffID.get()) }
        return entry(copy.blob, encoding ?? .none, record: need.record(decoded: copy.blob))
    }

    /// A layer that the recipe encoded.
    func entry(_ layer: RecodedLayer) -> StoredBlob {
        let blob = layer.blob
        let record = LayerRecord(encoded, of: layer.diffID, digest: blob.digest, size: blob.size)
        return entry(blob, recipe.encoding, record: record)
    }

    /// A staged blob, or the store's own copy if that is as good.
    private func entry(
        _ blob: StagedBlob,
        _ encoding: LayerEncoding,
        record: LayerRecord?
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
    /// What to remember of a layer that a registry had: what is inside it.
    fileprivate func record(decoded blob: StagedBlob) -> LayerRecord? {
        guard case .asIs(let digest, let diffID?) = form else { return nil }
        return LayerRecord(.decoded, of: digest, digest: diffID, size: blob.size)
    }
}
