// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A JSON document kept to the byte, with its digest; decoding is a view.
package struct RawDocument: Sendable {
    package let bytes: [UInt8]
    package let digest: Digest
    package let json: JSON

    package init(_ bytes: [UInt8], limits: JSONLimits = .document) throws(JSONError) {
        self.bytes = bytes
        self.digest = Digest(of: bytes)
        self.json = try JSON(parsing: bytes, limits: limits)
    }

    /// A document of our own, in its canonical spelling.
    package init(writing json: JSON) {
        self.bytes = json.canonicalBytes
        self.digest = Digest(of: bytes)
        self.json = json
    }

    package func descriptor(_ mediaType: MediaType) -> Descriptor {
        Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
    }
}
