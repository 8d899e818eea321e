// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

@Suite struct CanonicalJSONTests {
    /// Digests of published images stand on this spelling: it never changes.
    @Test func spelling() {
        let value = JSON.object([
            "z": .integer(-1), "a": .array([.null, .bool(true), .bool(false), .number("1.50")]),
            "absent": nil, "url": .string("https://a/b"), "e": .object([]), "l": .array([]),
            "s": .string("\"\\\u{0}\u{8}\t\n\r\u{1f}\u{7f}é😀<>&\u{2028}"),
        ])
        let text = String(decoding: value.canonicalBytes, as: UTF8.self)
        #expect(
            text == #"{"z":-1,"a":[null,true,false,1.50],"url":"https://a/b","e":{},"l":[],"#
                + #""s":"\"\\\u0000\u0008\u0009\u000a\u000d\u001f"#
                + "\u{7f}é😀<>&\u{2028}\"}"
        )
    }

    @Test func roundTrip() throws {
        let text = #"{"b":[1,-2.5e+10,"\u0001é"],"a":{"":null}}"#
        let value = try JSON(parsing: Array(text.utf8))
        #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == text)
        #expect(RawDocument(writing: value).bytes == Array(text.utf8))
    }

    @Test func documentsKeepTheirBytes() throws {
        let bytes = Array("{ \"a\" : \"\\/\" }\n".utf8)
        let document = try RawDocument(bytes)
        #expect(document.bytes == bytes)
        #expect(document.digest == Digest(of: bytes))
        #expect(document.json["a"]?.string == "/")
        let descriptor = document.descriptor(.json)
        #expect(descriptor == Descriptor(mediaType: .json, digest: Digest(of: bytes), size: 15))
    }

    @Test func goldenManifest() throws {
        let config = Descriptor(
            mediaType: .ociConfig,
            digest: Digest(of: Array("{}".utf8)),
            size: 2,
            platform: Platform(os: "linux", architecture: "arm64", variant: "v8", osVersion: "1"),
            artifactType: "a/b",
            annotations: [.init("k", .string("v"))]
        )
        let document = Manifest.image(.ociManifest, config: config, layers: [])
        #expect(
            String(decoding: document.bytes, as: UTF8.self)
                == #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","#
                + #""config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"#
                + #""sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","#
                + #""size":2,"platform":{"architecture":"arm64","os":"linux","os.version":"1","#
                + #""variant":"v8"},"artifactType":"a/b","annotations":{"k":"v"}},"layers":[]}"#
        )
    }

    /// Long documents, which are written one value at a time, have the same bytes.
    @Test(arguments: [0, 1, 3])
    func longDocuments(_ count: Int) {
        let members = (0..<count)
            .map { JSON.Member("k\($0)", .object(["a": .string("{[\"\($0)")])) }
        let (before, after) = (JSON.Member("b", .null), JSON.Member("z", .string("[")))
        var writer = JSONWriter(capacity: 0)
        writer.beginObject()
        writer.add(before.key, before.value)
        writer.beginArray("list")
        for member in members { writer.add(member.value) }
        writer.endArray()
        writer.beginObject("object")
        for member in members { writer.add(member.key, member.value) }
        writer.endObject()
        writer.add(after.key, after.value)
        writer.endObject()
        let whole = JSON.object([
            before, JSON.Member("list", .array(members.map(\.value))),
            JSON.Member("object", .object(members)), after,
        ])
        #expect(writer.bytes == whole.canonicalBytes)
    }
}
