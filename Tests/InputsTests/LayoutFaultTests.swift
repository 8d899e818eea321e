// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Broken OCI layouts.
@Suite struct LayoutFaultTests {
    let image = SyntheticImage.small
    var manifest: [UInt8] { image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip") }
    var root: Digest { Digest(of: manifest) }
    var layer: [UInt8] { Packed.gzip(image.layers[0]) }
    var members: [TarMember] { image.layout() }

    @Test func missingParts() throws {
        try expectFaults(members.without(root.blobPath), .incomplete(root, missing: root))
        for digest in [image.configDigest, Digest(of: layer)] {
            try expectFaults(members.without(digest.blobPath), .lost(digest, neededBy: root))
        }
    }

    /// A device where a blob should be is no blob.
    @Test func devices() throws {
        let path = Digest(of: layer).blobPath
        let member = try #require(MemberPath(path))
        try expectFaults(
            members.without(path) + [.blockDevice(path)],
            .member(.special(member), neededBy: "\(root)")
        )
    }

    @Test func wrongDocuments() throws {
        for (digest, bytes) in [(root, manifest), (image.configDigest, image.config)] {
            let changed = bytes.map { $0 == UInt8(ascii: "s") ? UInt8(ascii: "t") : $0 }
            try expectFaults(
                members.changing(digest.blobPath) { _ in changed },
                .digest(member: digest.blobPath, expected: digest, found: Digest(of: changed))
            )
        }
    }

    @Test func wrongSizes() throws {
        let path = Digest(of: layer).blobPath
        try expectFaults(
            members.changing(path) { $0 + [0] },
            .size(member: path, expected: layer.count, found: layer.count + 1)
        )
        var descriptor = SyntheticImage.descriptor(manifest, .ociManifest)
        descriptor.size += 1
        try expectFaults(
            members.changing("index.json") { _ in Manifest.index([descriptor]).bytes },
            .size(member: root.blobPath, expected: manifest.count + 1, found: manifest.count)
        )
    }

    @Test func wrongBlob() throws {
        let raw =
            image.layoutBlobs()
            + [SyntheticImage.index([(image.ociManifest(), .ociManifest, "app:1")])]
        let path = image.diffIDs[0].blobPath
        let changed = raw.changing(path) { bytes in
            var bytes = bytes
            bytes[700] ^= 1
            return bytes
        }
        let found = Digest(of: try #require(changed.content(path)))
        try expectFaults(
            changed,
            .digest(member: path, expected: image.diffIDs[0], found: found)
        )
    }

    /// A manifest and its config that don't belong together.
    @Test func layersOfAnotherImage() throws {
        var other = image
        other.layers[0] = SyntheticImage.layer("z", "other")
        let packed = { Packed.gzip($0) }
        let document = other.ociManifest(packing: packed, suffix: "+gzip")
        let members =
            other.layoutBlobs(packing: packed, suffix: "+gzip")
            + [SyntheticImage.index([(document, .ociManifest, "app:1")])]
        try expectFaults(
            members,
            .diffID(
                member: Digest(of: packed(other.layers[0])).blobPath,
                expected: image.diffIDs[0],
                found: Digest(of: other.layers[0])
            )
        )
    }

    @Test func layerCount() throws {
        var short = image
        short.layers.removeLast()
        let document = short.ociManifest()
        try expectFaults(
            short.layoutBlobs() + [SyntheticImage.index([(document, .ociManifest, nil)])],
            .layerCount(document: Digest(of: document).blobPath, layers: 1, diffIDs: 2)
        )
    }

    @Test func listedAsAnotherKind() throws {
        let claimed = ManifestKind.dockerManifest.mediaType.description
        let found = ManifestKind.ociManifest.mediaType.description
        try expectFaults(
            members.changing("index.json") { _ in
                Manifest.index([SyntheticImage.descriptor(manifest, .dockerManifest)]).bytes
            },
            .manifest(.kind(claimed: claimed, found: found), document: root.blobPath)
        )
    }

    @Test(arguments: [
        (#"{}"#, "manifests"), (#"{"manifests":{}}"#, "manifests"),
        (#"{"manifests":[{}]}"#, "manifests[0]"),
        (#"{"manifests":[{"mediaType":"a/b","digest":"sha256:0","size":1}]}"#, "manifests[0]"),
    ])
    func lists(_ text: String, _ field: String) throws {
        try expectFaults(
            members.changing("index.json") { _ in Array(text.utf8) },
            .manifest(.field(field), document: "index.json")
        )
    }

    /// A digest algorithm or a name that regstatic can't serve is no reason to lose the others.
    @Test(arguments: [
        #"{"mediaType":"a/b","digest":"sha512:0","size":1}"#,
        #"{"mediaType":"a/b","digest":"sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a","size":1,"annotations":{"org.opencontainers.image.ref.name":"1.0+build"}}"#,
    ])
    func badEntry(_ entry: String) throws {
        let reading = try Reading(
            members.changing("index.json") { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                return Array(
                    text.replacing(#""manifests":["#, with: #""manifests":[\#(entry),"#).utf8
                )
            }
        )
        #expect(reading.faults.count == 1)
        #expect(reading.images.count == 1)
    }

    @Test func emptyList() throws {
        try expectFaults(
            members.changing("index.json") { _ in Manifest.index([]).bytes },
            .noImages
        )
    }

    @Test func invalidName() throws {
        let list = SyntheticImage.index([(manifest, .ociManifest, "No Name")])
        try expectFaults(members.without("index.json") + [list], .invalidName("No Name"))
    }

    /// Indexes in indexes: as deep as nobody makes them.
    @Test func depth() throws {
        var documents = [(manifest, ManifestKind.ociManifest)]
        for _ in 0..<10 {
            let (inner, kind) = documents[documents.count - 1]
            let outer = Manifest.index([SyntheticImage.descriptor(inner, kind)]).bytes
            documents.append((outer, .ociIndex))
        }
        let (top, kind) = documents[documents.count - 1]
        let blobs = documents.dropFirst()
            .map { TarMember.file(Digest(of: $0.0).blobPath, $0.0) }
        let deepest = Digest(of: documents[2].0).blobPath
        try expectFaults(
            members.without("index.json") + blobs
                + [SyntheticImage.index([(top, kind, "app:1")])],
            .manifest(.field("indexes in indexes, 8 deep"), document: deepest)
        )
    }

    @Test func folderThatIsNoLayout() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("readme.txt", "nothing here")
        try expectNothing(of: Reading(scratch.path), [.notALayout])
    }
}
