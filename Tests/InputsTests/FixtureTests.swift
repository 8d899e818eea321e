// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import Store
import TestSupport
import Testing

/// What real tools wrote, against what their own documents say.
@Suite struct FixtureTests {
    @Test(arguments: Fixture.names) func holdsWhatItsDocumentsSay(_ name: String) throws {
        let reading = try Reading(Fixture.path(name))
        #expect(reading.faults.isEmpty, "\(reading.outcome.errors)")
        let lines = reading.images.map { $0.isMade ? $0.lineWithoutDigest : $0.line }
        #expect(lines == Fixture.images[name])
        #expect(reading.images.allSatisfy { $0.input == Fixture.path(name) })
        #expect(try reading.staged.isEmpty)
    }

    /// Every original manifest, and everything below it, is in the store as it was in the archive.
    @Test(arguments: Fixture.names) func storesOnlyWhatTheArchiveHas(_ name: String) throws {
        let reading = try Reading(Fixture.path(name))
        for text in try reading.blobs {
            let digest = try #require(Digest(hex: text))
            #expect(Digest(of: try reading.bytes(digest)) == digest)
        }
        for image in reading.images where !image.isMade {
            let manifest = try reading.manifest(image.root)
            let missing = Set(image.missing.map(\.digest))
            let children = manifest.manifests.filter { !missing.contains($0.digest) }
            for descriptor in manifest.blobs + children {
                #expect(try reading.bytes(descriptor.digest).count == descriptor.size)
            }
        }
    }

    @Test func madeManifestsHaveRecordedDigests() throws {
        var lines: [String] = []
        for name in Fixture.names {
            for image in try Reading(Fixture.path(name)).images where image.isMade {
                lines.append("\(name) \(image.root.digest) \(image.names.map(\.text))")
            }
        }
        let text = lines.joined(separator: "\n") + "\n"
        #expect(Golden.difference("made-manifests.txt", text) == nil)
    }

    @Test(arguments: Fixture.archives, [LayerEncoding.gzip, .zstd, .none])
    func manifestsAreMadeFromTheArchivesConfig(_ name: String, _ encoding: LayerEncoding) throws {
        let reading = try Reading(Fixture.path(name), recipe: Recipe(encoding))
        let members = try Fixture.members(name)
        let contents = members.map(\.fileContent)
        for image in reading.images where image.isMade {
            let (config, layers) = try reading.parts(image)
            let bytes = try reading.bytes(config.digest)
            #expect(contents.contains(bytes), "the config is the archive's, to the byte")
            let parsed = try #require(ImageConfig(try JSON(parsing: bytes)))
            let found = try layers.map { try Unpacked.digest(try reading.bytes($0.digest)) }
            #expect(found == parsed.diffIDs)
            #expect(try layers.map(\.size) == layers.map { try reading.bytes($0.digest).count })
        }
    }

    /// Layers that came compressed are what a registry has: kept, whatever the recipe.
    @Test func keepsCompressedLayers() throws {
        let reading = try Reading(Fixture.path("crane0.20.tar"), recipe: Recipe(.zstd))
        let (_, layers) = try reading.parts(try #require(reading.images.first))
        #expect(
            layers.map(\.digest.hex) == [
                "93662b3df2c6207d3d01c86138a656b2737eab083121bc7986dac5be27327600",
                "fb8357bf0d273c8966ba420ea3a3de1ef8b40ce73cce0ddff8b9372fd409839d",
            ]
        )
        #expect(layers.allSatisfy { $0.mediaType.description.hasSuffix(".tar+gzip") })
    }

    /// One layer twice in a row is two layers of the image and one blob.
    @Test(arguments: ["docker20-byid.tar", "docker28-byid.tar", "podman4.3-multi.tar"])
    func keepsRepeatedLayers(_ name: String) throws {
        let reading = try Reading(Fixture.path(name))
        let (_, layers) = try reading.parts(try #require(reading.images.last))
        #expect(layers.count == 4)
        #expect(layers[2] == layers[3])
        #expect(Set(layers.map(\.digest)).count == 3)
    }

    @Test func makesSchema2OnRequest() throws {
        let reading = try Reading(Fixture.path("docker20-one.tar"), kind: .dockerManifest)
        let image = try #require(reading.images.first)
        #expect(image.root.mediaType == ManifestKind.dockerManifest.mediaType)
        let (config, layers) = try reading.parts(image)
        #expect(config.mediaType == .dockerConfig)
        #expect(layers.map(\.mediaType) == [MediaType.layer(.gzip, in: .dockerManifest)])
    }

    @Test func schema2CannotNameAZstdLayer() throws {
        let image = SyntheticImage(layers: [SyntheticImage.layer("a", "1")])
        let members = image.dockerArchive()
            .changing("\(image.diffIDs[0].hex).tar") {
                Packed.zstd($0)
            }
        let scratch = try TemporaryFolder()
        let path = try scratch.write("zstd.tar", TarBuilder.tar(members))
        let reading = try Reading(path, kind: .dockerManifest)
        guard case .inexpressible(.zstd, .dockerManifest)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(try reading.blobs.isEmpty)
    }
}
