// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Manifests that clients can't pull are refused by themselves and named, in a layout and in a
/// registry's data.
@Suite struct ForeignManifestTests {
    private let good = SyntheticImage(layers: [SyntheticImage.layer("a", "good")])

    private static let blob = Digest(of: Array("a layer".utf8))

    private static let documents: [(ForeignManifest, type: String, text: String)] = [
        (
            .schema1, "application/vnd.docker.distribution.manifest.v1+prettyjws",
            #"{"schemaVersion":1,"name":"bad","tag":"1","fsLayers":[],"history":[]}"#
        ),
        (
            .artifact, "application/vnd.oci.artifact.manifest.v1+json",
            #"{"mediaType":"application/vnd.oci.artifact.manifest.v1+json","artifactType":"a/b","blobs":[]}"#
        ),
        (
            .buildCache, "application/vnd.oci.image.index.v1+json",
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":["#
                + #"{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(blob)","size":7},"#
                + #"{"mediaType":"application/vnd.buildkit.cacheconfig.v0","digest":"\#(blob)","size":7}]}"#
        ),
        (
            .buildCache, "application/vnd.docker.distribution.manifest.list.v2+json",
            #"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":["#
                + #"{"mediaType":"application/vnd.buildkit.cacheconfig.v0","digest":"\#(blob)","size":7}]}"#
        ),
    ]

    @Test(arguments: documents.indices) func inALayout(_ index: Int) throws {
        let (kind, type, text) = Self.documents[index]
        let bytes = Array(text.utf8)
        let root = Descriptor(
            mediaType: try #require(MediaType(type)),
            digest: Digest(of: bytes),
            size: bytes.count,
            annotations: [.init(AnnotationKey.refName, .string("bad/cache:1"))]
        )
        let manifest = good.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let members =
            good.layout()
            .changing("index.json") { _ in
                Manifest.index([
                    root, SyntheticImage.descriptor(manifest, .ociManifest, name: "good:1"),
                ])
                .bytes
            } + [.file(root.digest.blobPath, bytes), .file(Self.blob.blobPath, "a layer")]
        for way in Way.allCases {
            let reading = try way.read(members)
            #expect(reading.images.count == 1)
            let fault = SourceFault.manifest(.foreign(kind), document: root.digest.blobPath)
            #expect(reading.faults.map { "\($0)" } == ["\(fault)"])
        }
    }

    @Test(arguments: documents.indices) func inARegistry(_ index: Int) throws {
        let (kind, _, text) = Self.documents[index]
        var volume = SyntheticVolume()
        volume.push(good, "team/good", tag: "1")
        volume.add(Array("a layer".utf8))
        let digest = volume.push(Array(text.utf8), "team/bad", tag: "1")
        for way in [Way.file, .pipe, .folder] {
            let reading = try way.read(volume.members)
            #expect(reading.images.count == 1)
            #expect(reading.outcome.errors.map(\.image) == ["team/bad:1"])
            let fault =
                kind == .schema1
                ? SourceFault.schema1(digest)
                : .manifest(.foreign(kind), document: digest.blobPath)
            #expect(reading.faults.map { "\($0)" } == ["\(fault)"])
        }
    }

    /// What `image-manifest=true` writes is an artifact like others.
    @Test func cacheInTheFormOfAnImage() throws {
        let config = Array("{}".utf8)
        let layer = Array("a layer".utf8)
        let manifest = Manifest.image(
            .ociManifest,
            config: Descriptor(
                mediaType: try #require(MediaType("application/vnd.buildkit.cacheconfig.v0")),
                digest: Digest(of: config),
                size: config.count
            ),
            layers: [
                Descriptor(
                    mediaType: .octetStream,
                    digest: Digest(of: layer),
                    size: layer.count
                )
            ]
        )
        var volume = SyntheticVolume()
        volume.add(config)
        volume.add(layer)
        volume.push(manifest.bytes, "team/app", tag: "cache")
        let reading = try Reading(volume.members)
        #expect(reading.faults.isEmpty)
        #expect(reading.images.map(\.root.digest) == [manifest.digest])
    }
}
