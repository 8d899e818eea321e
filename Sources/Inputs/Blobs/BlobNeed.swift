// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI
internal import Store

/// A member that an image needs, and the form that the member must have in the store.
struct BlobNeed: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        /// Keep the bytes, which must have this digest; a layer's content must also have this
        /// diffID.
        case asIs(Digest, diffID: Digest?)
        /// A layer known only by its diffID; compress it by the recipe, unless it is already
        /// compressed.
        case layer(diffID: Digest)
    }

    let file: MemberFile
    let form: Form

    /// The required digest of the uncompressed content; nil if none is required, as for a config.
    var diffID: Digest? {
        switch form {
        case .asIs(_, let diffID): diffID
        case .layer(let diffID): diffID
        }
    }

    func check(diffID found: Digest) throws(SourceFault) {
        guard let expected = diffID, expected != found else { return }
        throw .diffID(member: file.path.description, expected: expected, found: found)
    }

    func check(digest expected: Digest, found: Digest) throws(SourceFault) {
        guard expected != found else { return }
        throw .digest(member: file.path.description, expected: expected, found: found)
    }
}

/// A blob that is in the store, or staged for it.
struct StoredBlob: Hashable, Sendable {
    let digest: Digest
    /// Size in bytes.
    let size: Int
    /// The encoding, which is never nil for a layer of a manifest that regstatic makes.
    let encoding: LayerEncoding?
    /// The name of the recipe that encoded the layer; nil if the blob has the bytes of the input.
    var recipe: String?
    /// The annotations for the descriptor of a layer that regstatic encoded.
    var annotations: [JSON.Member] = []
    /// The staged file; nil if the store already had the blob.
    let staged: StagedBlob?
    /// The record to write about the layer after the blob is in the store.
    let record: LayerCacheEntry?
}
