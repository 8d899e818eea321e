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
    /// Kept byte for byte; the encoding is nil if no media type for layers fits the member's
    /// format.
    case kept(BlobCopy.Result, LayerEncoding?)
    /// A raw tar that was encoded by the recipe, so that its original bytes exist only in encoded
    /// form.
    case recoded(RecodedLayer)
    /// A small file of a registry's data, kept in memory.
    case link([UInt8])
}
