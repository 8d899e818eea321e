// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Signatures
internal import SiteModel
internal import Store
package import Streams

// The signature of a site covers the bytes of its index.json.
extension SiteFolder {
    /// The bytes of index.json in this folder, and the text of their signature.
    package struct SignedIndex: Sendable {
        package let bytes: [UInt8]
        /// The text; nil if index.json isn't signed.
        ///
        /// Only the first bytes of a file that is too large for a signature.
        package let signature: [UInt8]?
        /// The path of the signature, whether it exists or not.
        package var path: String { SignaturePath.of(Digest(of: bytes)) }
    }

    /// Reads index.json and its signature from the folder.
    ///
    /// - Throws: `FileError`, `SiteDamage.index` if index.json isn't a file any more.
    package func signedIndex() throws -> SignedIndex {
        let folder = store.folder
        guard let bytes = try folder.contents(SiteIndex.path, limit: JSONLimits.list.bytes) else {
            throw SiteDamage.index(.notAFile)
        }
        let path = SignaturePath.of(Digest(of: bytes))
        let signature = try folder.reader(path)?.start(limit: SSHSignature.maximumSize + 1)
        return SignedIndex(bytes: bytes, signature: signature)
    }

    /// Writes the signature of index.json, and removes signatures of other versions.
    ///
    /// The site must be open for writing.
    package func keep(_ signature: [UInt8]) throws(FileError) {
        let folder = store.folder
        let path = SignaturePath.of(Digest(of: index.bytes))
        try folder.makeFolders(SignaturePath.folder)
        try folder.write([FileContent(path, signature)])
        _ = try folder.remove(present: try Self.staleSignatures(in: folder, for: index.bytes))
        try folder.flush()
    }

    /// The signatures of other versions than the one with this index.json.
    static func staleSignatures(
        in folder: Folder,
        for index: [UInt8]
    ) throws(FileError) -> [String] {
        let current = SignaturePath.of(Digest(of: index))
        return try signatures(in: folder).filter { $0 != current }
    }

    /// The signatures of all versions.
    static func signatures(in folder: Folder) throws(FileError) -> [String] {
        try folder.files(below: SignaturePath.folder).filter(SignaturePath.isSignature)
    }
}
