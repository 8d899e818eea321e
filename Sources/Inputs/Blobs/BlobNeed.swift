// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Store

/// A member that an image needs in the store, and in which form.
struct BlobNeed: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        /// Byte for byte: it must have this digest and, if it is a layer, hold this diffID.
        case asIs(Digest, diffID: Digest?)
        /// A layer known only by its diffID: compressed by the recipe, unless it comes compressed.
        case layer(diffID: Digest)
    }

    let file: MemberFile
    let form: Form

    /// What it must hold uncompressed, if it is a layer.
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
    /// Bytes.
    let size: Int
    /// Of a layer that a manifest is made for.
    let encoding: LayerEncoding
    /// Nil if the store had it already.
    let staged: StagedBlob?
    /// What to remember of it once it is in the store.
    let record: LayerRecord?
}
