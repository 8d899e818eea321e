// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// What a raw layer became, so that it needn't be compressed twice: `.regstatic/layers`.
///
/// A record is only a hint: whoever uses it still hashes the layer and the blob.
package struct EncodingRecord: Hashable, Sendable {
    package let digest: Digest
    /// Bytes of the encoded blob.
    package let size: Int

    package init(digest: Digest, size: Int) {
        self.digest = digest
        self.size = size
    }
}

extension BlobStore {
    /// The blob that a recipe made of a layer; nil if none is known.
    package func encoding(of diffID: Digest, recipe: String) throws(FileError) -> EncodingRecord? {
        guard let bytes = try folder.contents(Self.path(diffID, recipe), limit: 256) else {
            return nil
        }
        let parts = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let digest = Digest(parts[0]), let size = Int(parts[1]), size >= 0
        else { return nil }
        return EncodingRecord(digest: digest, size: size)
    }

    package func record(
        _ record: EncodingRecord,
        of diffID: Digest,
        recipe: String
    ) throws(FileError) {
        try folder.makeFolders("\(Self.state)/layers/\(recipe)")
        try folder.write([
            .init(Self.path(diffID, recipe), Array("\(record.digest) \(record.size)\n".utf8))
        ])
    }

    private static func path(_ diffID: Digest, _ recipe: String) -> String {
        "\(state)/layers/\(recipe)/\(diffID.hex)"
    }
}
