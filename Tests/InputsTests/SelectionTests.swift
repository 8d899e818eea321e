// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Only some platforms of what an input holds, and indexes written anew.
@Suite struct SelectionTests {
    private let attested = Fixture.path("docker28ctr-multiarch-attested.tar")
    private let sparse = Fixture.path("docker28ctr-sparse.tar")

    private func selection(_ platform: String, _ gaps: Selection.Gaps = .keep) throws -> Selection {
        Selection(platforms: [try #require(Platform(platform))], gaps: gaps)
    }

    /// The index keeps its bytes, and with them its digest: pins and signatures stay right.
    @Test func onePlatformOfAnIndex() throws {
        let whole = try #require(try Reading(attested).images.first)
        let reading = try Reading(attested, selection: selection("linux/arm64"))
        let image = try #require(reading.images.first)
        #expect(image.root == whole.root)
        #expect(!image.isMade)
        #expect(image.platforms.map(\.description) == ["linux/arm64"])
        let left = reading.outcome.skipped.images
        #expect(left.map(\.name) == ["docker.io/zoo/multi:1"])
        #expect(left.map { $0.platforms.map(\.description) } == [["linux/amd64"]])
    }

    /// What isn't wanted takes no space, and neither do its attestations.
    @Test func leavesBlobsOut() throws {
        let whole = try Reading(attested)
        let reading = try Reading(attested, selection: selection("linux/arm64"))
        let index = try whole.manifest(try #require(whole.images.first).root)
        let left = index.manifests.filter { child in
            child.platform?.architecture == "amd64"
                || child.annotation("vnd.docker.reference.digest") == amd64(index)?.description
        }
        #expect(left.count == 2)
        for child in left {
            #expect(try whole.blobs.contains(child.digest.hex))
            #expect(try !reading.blobs.contains(child.digest.hex))
        }
        #expect(try reading.staged == [])
    }

    private func amd64(_ index: Manifest) -> Digest? {
        index.manifests.first { $0.platform?.architecture == "amd64" }?.digest
    }

    @Test func prunedIndex() throws {
        let whole = try Reading(attested)
        let reading = try Reading(attested, selection: selection("linux/arm64", .prune))
        let image = try #require(reading.images.first)
        #expect(image.isMade)
        let manifests = try reading.manifest(image.root).manifests
        let before = try whole.manifest(try #require(whole.images.first).root).manifests
        #expect(manifests == before.filter { manifests.map(\.digest).contains($0.digest) })
        #expect(manifests.count == 2)
        #expect(try reading.blobs.contains(image.root.digest.hex))
    }

    /// Nothing is missing, nothing is written anew.
    @Test func wholeIndexIsNotPruned() throws {
        let reading = try Reading(attested, selection: Selection(gaps: .prune))
        #expect(reading.images.map(\.line) == (try Reading(attested).images.map(\.line)))
    }

    @Test func prunesWhatTheArchiveLacks() throws {
        let image = try #require(
            try Reading(sparse, selection: Selection(gaps: .prune)).images.first
        )
        #expect(image.isMade)
        #expect(image.missing.isEmpty)
        #expect(image.platforms == (try Reading(sparse).images.first?.platforms))
    }

    /// An index of one image is that image.
    @Test func onlyImageOfAnIndex() throws {
        let amd = SyntheticImage(layers: [SyntheticImage.layer("a", "amd")])
        let arm = SyntheticImage(layers: [SyntheticImage.layer("a", "arm")], architecture: "arm64")
        let children = [(amd, "amd64"), (arm, "arm64")]
            .map { image, architecture in
                var child = SyntheticImage.descriptor(image.ociManifest(), .ociManifest)
                child.platform = Platform("linux/\(architecture)")
                return child
            }
        let index = Manifest.index(children).bytes
        let members =
            amd.layoutBlobs() + arm.layoutBlobs() + [
                .file(Digest(of: index).blobPath, index),
                SyntheticImage.index([(index, .ociIndex, "app:1")]),
            ]
        let folder = try TemporaryFolder()
        let path = try folder.write("image.tar", TarBuilder.tar(members))
        let image = try #require(
            try Reading(path, selection: selection("linux/arm64", .prune)).images.first
        )
        #expect(image.root.digest == children[1].digest)
        #expect(!image.isMade)
    }

    @Test func imagesOfAnotherPlatform() throws {
        let reading = try Reading(
            Fixture.path("docker20-many.tar"),
            selection: selection("linux/arm64")
        )
        #expect(reading.images.isEmpty)
        #expect(reading.faults.isEmpty)
        #expect(reading.outcome.skipped.images.count == 3)
        #expect(try reading.blobs == [])
    }

    /// Charts and signatures run nowhere.
    @Test func artifactsAreTaken() throws {
        let reading = try Reading(Fixture.path("oci-artifact"), selection: selection("linux/arm64"))
        #expect(reading.images.count == 1)
        #expect(reading.outcome.skipped.isEmpty)
    }
}

/// What a platform is, and what a user means by one.
@Suite struct PlatformMatchTests {
    @Test(arguments: [
        ("linux/arm64", "linux/arm64", true), ("linux/arm64/v8", "linux/arm64", true),
        ("linux/arm64", "linux/arm64/v8", true), ("linux/arm/v7", "linux/arm", true),
        ("linux/arm", "linux/arm/v7", false), ("linux/arm/v6", "linux/arm/v7", false),
        ("linux/amd64", "windows/amd64", false),
    ])
    func matches(_ platform: String, _ wanted: String, _ expected: Bool) throws {
        let platform = try #require(Platform(platform))
        #expect(platform.matches(try #require(Platform(wanted))) == expected)
    }

    @Test(arguments: ["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux//v7"])
    func invalid(_ text: String) {
        #expect(Platform(text) == nil)
    }
}
