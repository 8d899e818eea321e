// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Indexes that name more platforms than the archive has.
@Suite struct SparseIndexTests {
    let amd = SyntheticImage(layers: [SyntheticImage.layer("a", "amd")])
    let arm = SyntheticImage(layers: [SyntheticImage.layer("a", "arm")], architecture: "arm64")

    private func descriptor(_ image: SyntheticImage, _ architecture: String) -> Descriptor {
        var descriptor = SyntheticImage.descriptor(image.ociManifest(), .ociManifest)
        descriptor.platform = Platform(
            os: "linux",
            architecture: architecture,
            variant: nil,
            osVersion: nil
        )
        return descriptor
    }

    private var index: [UInt8] {
        Manifest.index([descriptor(amd, "amd64"), descriptor(arm, "arm64")]).bytes
    }

    private func archive(_ images: [SyntheticImage]) -> [TarMember] {
        images.flatMap { $0.layoutBlobs() } + [
            .file(Digest(of: index).blobPath, index),
            SyntheticImage.index([(index, .ociIndex, "app:1")]),
        ]
    }

    @Test(arguments: [false, true]) func onePlatformOfTwo(_ throughPipe: Bool) throws {
        let reading = try Reading(archive([arm]), throughPipe: throughPipe)
        let image = try #require(reading.images.first)
        #expect(image.root.digest == Digest(of: index))
        #expect(image.platforms.map(\.description) == ["linux/arm64"])
        #expect(image.missing.map(\.digest) == [Digest(of: amd.ociManifest())])
    }

    /// An engine may save a manifest without its layers: it counts as absent, and isn't stored.
    ///
    /// containerd exports what it has of an index (`WithSkipMissing`), and Docker's list with it.
    @Test func manifestWithoutLayersFromAnEngine() throws {
        let entry = SyntheticImage.entry(
            config: arm.configDigest.blobPath,
            tags: ["app:1"],
            layers: arm.diffIDs.map(\.blobPath)
        )
        let members =
            archive([amd, arm]).without(amd.diffIDs[0].blobPath) + [SyntheticImage.list([entry])]
        let reading = try Reading(members)
        let image = try #require(reading.images.first)
        #expect(image.missing.map(\.digest) == [Digest(of: amd.ociManifest())])
        #expect(try !reading.blobs.contains(Digest(of: amd.ociManifest()).hex))
        #expect(try !reading.blobs.contains(amd.configDigest.hex))
    }

    /// Nothing else leaves blobs of a manifest out on purpose: they are lost.
    @Test func manifestWithoutLayersOrConfig() throws {
        let manifest = Digest(of: amd.ociManifest())
        for digest in [amd.diffIDs[0], amd.configDigest] {
            try expectFaults(
                archive([amd, arm]).without(digest.blobPath),
                .lost(digest, neededBy: manifest)
            )
        }
    }

    @Test func nothingComplete() throws {
        try expectFaults(
            archive([]),
            .incomplete(Digest(of: index), missing: Digest(of: amd.ociManifest()))
        )
    }

    /// Attestations alone can't be pulled.
    @Test func onlyAttestations() throws {
        var attestation = descriptor(arm, "unknown")
        attestation.platform = Platform(
            os: "unknown",
            architecture: "unknown",
            variant: nil,
            osVersion: nil
        )
        let index = Manifest.index([descriptor(amd, "amd64"), attestation]).bytes
        let members =
            arm.layoutBlobs() + [
                .file(Digest(of: index).blobPath, index),
                SyntheticImage.index([(index, .ociIndex, "app:1")]),
            ]
        try expectFaults(
            members,
            .incomplete(Digest(of: index), missing: Digest(of: amd.ociManifest()))
        )
    }

    /// A damaged platform is no missing one: the image is refused.
    @Test func oneDamagedPlatform() throws {
        let path = amd.diffIDs[0].blobPath
        let members = archive([amd, arm])
            .changing(path) { bytes in
                var bytes = bytes
                bytes[700] ^= 1
                return bytes
            }
        let found = Digest(of: try #require(members.content(path)))
        try expectFaults(members, .digest(member: path, expected: amd.diffIDs[0], found: found))
    }
}
