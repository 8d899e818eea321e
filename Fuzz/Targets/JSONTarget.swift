// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI

/// A document from outside: its canonical form is read as the same document, and what a descriptor
/// in it says stays the same when regstatic writes it.
enum JSONTarget {
    static func run(_ bytes: [UInt8]) {
        guard let document = try? RawDocument(bytes) else { return }
        let written = document.json.canonicalBytes
        guard let again = try? JSON(parsing: written) else {
            let text = String(decoding: written, as: UTF8.self)
            fatalError("the canonical form is not JSON: \(text)")
        }
        expect(again.canonicalBytes == written, "the canonical form changes when it is read")
        decode(document)
    }

    private static func decode(_ document: RawDocument) {
        _ = ImageConfig(document.json)
        if let descriptor = Descriptor(document.json) { check(descriptor) }
        guard let type = document.json["mediaType"]?.string.flatMap(MediaType.init),
            let manifest = try? Manifest(document, claimed: type)
        else { return }
        for descriptor in manifest.manifests + manifest.blobs { check(descriptor) }
    }

    private static func check(_ descriptor: Descriptor) {
        expect(Descriptor(descriptor.json) == descriptor, "a descriptor changes: \(descriptor)")
    }
}
