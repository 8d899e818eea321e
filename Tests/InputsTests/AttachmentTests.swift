// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import Inputs
import TestSupport
import Testing

/// Signatures and their like, which `cosign save` and Hauler write with the name of their image.
@Suite struct AttachmentTests {
    let image = SyntheticImage.small

    private var manifest: [UInt8] {
        image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
    }

    /// A signature, whose payload names an image.
    private func signature(of digest: Digest) throws -> (manifest: [UInt8], members: [TarMember]) {
        let payload = Array(
            #"{"critical":{"image":{"docker-manifest-digest":"\#(digest)"}},"optional":null}"#.utf8
        )
        let type = "application/vnd.dev.cosign.simplesigning.v1+json"
        return try attachment(payload, type: type)
    }

    private func attachment(
        _ payload: [UInt8],
        type: String
    ) throws -> (manifest: [UInt8], members: [TarMember]) {
        let config = Array("{}".utf8)
        let layer = Descriptor(
            mediaType: try #require(MediaType(type)),
            digest: Digest(of: payload),
            size: payload.count
        )
        let manifest = Manifest.image(
            .ociManifest,
            config: Descriptor(mediaType: .ociConfig, digest: Digest(of: config), size: 2),
            layers: [layer]
        )
        let blobs = [config, payload, manifest.bytes]
        return (manifest.bytes, blobs.map { .file(Digest(of: $0).blobPath, $0) })
    }

    private func index(_ entries: [(bytes: [UInt8], kind: String?, name: String?)]) -> TarMember {
        let descriptors = entries.map { entry in
            var descriptor = SyntheticImage.descriptor(entry.bytes, .ociManifest)
            let marks = [("kind", entry.kind), (AnnotationKey.refName, entry.name)]
            descriptor.annotations = marks.compactMap { key, value in
                value.map { JSON.Member(key, .string($0)) }
            }
            return descriptor
        }
        return .file("index.json", Manifest.index(descriptors).bytes)
    }

    private var blobs: [TarMember] {
        image.layoutBlobs(packing: { Packed.gzip($0) }, suffix: "+gzip")
            + [SyntheticImage.layoutMark]
    }

    private func names(_ reading: Reading) -> [String] {
        reading.images.flatMap(\.names).map(\.label).sorted()
    }

    @Test(arguments: ["dev.hauler", "dev.cosignproject.cosign"])
    func signaturesGetTheirOwnTag(_ maker: String) throws {
        let digest = Digest(of: manifest)
        let signature = try signature(of: digest)
        let list = index([
            (signature.manifest, "\(maker)/sigs", "t/a:1"), (manifest, "\(maker)/image", "t/a:1"),
        ])
        for throughPipe in [false, true] {
            let reading = try Reading(blobs + signature.members + [list], throughPipe: throughPipe)
            #expect(reading.faults.map { "\($0)" } == [])
            #expect(
                names(reading) == [
                    "docker.io/t/a:1", "docker.io/t/a:sha256-\(digest.hex).sig",
                ]
            )
        }
    }

    /// `cosign save` writes no names; the user gives the repository.
    @Test func namelessLayouts() throws {
        let digest = Digest(of: manifest)
        let signature = try signature(of: digest)
        let attestation = try attachment(
            Array("dsse".utf8),
            type: "application/vnd.dsse.envelope.v1+json"
        )
        let list = index([
            (manifest, "dev.cosignproject.cosign/image", nil),
            (signature.manifest, "dev.cosignproject.cosign/sigs", nil),
            (attestation.manifest, "dev.cosignproject.cosign/atts", nil),
        ])
        let reading = try Reading(blobs + signature.members + attestation.members + [list])
        #expect(reading.faults.isEmpty)
        #expect(names(reading) == ["sha256-\(digest.hex).att", "sha256-\(digest.hex).sig"])
    }

    @Test func attachmentsWithoutAnImage() throws {
        let sbom = try attachment(Array("sbom".utf8), type: "text/spdx+json")
        let list = index([
            (manifest, "dev.hauler/image", "t/a:1"), (sbom.manifest, "dev.hauler/sboms", "t/b:1"),
        ])
        let reading = try Reading(blobs + sbom.members + [list])
        #expect(names(reading) == ["docker.io/t/a:1"])
        #expect(reading.faults.map { "\($0)" } == ["unattached(kind: \"dev.hauler/sboms\")"])
    }

    /// Other annotations with the same key mean nothing.
    @Test func otherKinds() throws {
        let reading = try Reading(blobs + [index([(manifest, "Deployment", "t/a:1")])])
        #expect(names(reading) == ["docker.io/t/a:1"])
    }
}
