// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The blobs of a site, as far as the graph of its manifests needs them.
package protocol ManifestStore {
    /// Reads a document and checks it against its digest.
    ///
    /// - Throws: `BlobError` if the document is missing or damaged, `FileError` if the medium can't
    ///   read it.
    func document(_ digest: Digest) throws -> [UInt8]

    /// Whether a blob exists, checked by its name only.
    func has(_ blob: Digest) throws -> Bool
}
