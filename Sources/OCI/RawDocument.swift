// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The exact bytes of a JSON document, with its digest and the decoded value.
package struct RawDocument: Sendable {
    package let bytes: [UInt8]
    package let digest: Digest
    package let json: JSON

    package init(_ bytes: [UInt8], limits: JSONLimits = .document) throws(JSONError) {
        self.bytes = bytes
        self.digest = Digest(of: bytes)
        self.json = try JSON(parsing: bytes, limits: limits)
    }

    /// Encodes a document that regstatic writes, in the canonical form.
    package init(writing json: JSON) {
        self.bytes = json.canonicalBytes
        self.digest = Digest(of: bytes)
        self.json = json
    }

    package func descriptor(_ mediaType: MediaType) -> Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
    }
}
