// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A store of documents and blobs, from which `SiteGraph` is loaded.
package protocol ManifestStore {
    /// Reads a document and checks it against its digest.
    ///
    /// - Throws: `BlobError` if the document is missing or damaged, `FileError` if the medium can't
    ///   read it.
    func document(_ digest: Digest) throws -> [UInt8]

    /// Whether a blob exists; checks only for a file of that name, not its content.
    func has(_ blob: Digest) throws -> Bool
}
