// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// The stored form of a member that was stored while the archive was read.
enum SpooledMember: Sendable {
    /// A member that was kept byte for byte; the encoding is nil if no media type for layers fits
    /// the member's format.
    case kept(BlobCopy.Result, LayerEncoding?)
    /// A raw tar that the recipe encoded; its original bytes are no longer stored.
    case recoded(RecodedLayer)
    /// A small file of a registry's data, kept in memory.
    case link([UInt8])

    /// The temporary file; nil for a link, which is kept in memory.
    var blob: StagedBlob? {
        switch self {
        case .kept(let copy, _): copy.blob
        case .recoded(let layer): layer.blob
        case .link: nil
        }
    }

    /// The digest of the member's own bytes; nil if they were not hashed.
    var content: Digest? {
        switch self {
        case .kept(let copy, _): copy.blob.digest
        case .recoded(let layer): layer.diffID
        case .link: nil
        }
    }
}
