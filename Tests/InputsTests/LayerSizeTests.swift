// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Raw layers around the sizes at which chunks begin and end.
@Suite struct LayerSizeTests {
    static let chunk = Recipe.chunkSize

    @Test(
        arguments: [1, 511, 512, chunk - 512, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk],
        [LayerEncoding.gzip, .zstd, .none]
    )
    func anySize(_ size: Int, _ encoding: LayerEncoding) throws {
        let content = Self.layer(size)
        let image = SyntheticImage(layers: [content])
        let recipe = Recipe(encoding)
        let file = try Reading(image.dockerArchive(), recipe: recipe)
        #expect(file.faults.isEmpty)
        let (_, layers) = try file.parts(try #require(file.images.first))
        #expect(try Unpacked.bytes(try file.bytes(layers[0].digest)) == content)
        if encoding == .none { #expect(layers[0].digest == Digest(of: content)) }
        try expectKept(try file.bytes(layers[0].digest), of: image)
        let pipe = try Reading(image.dockerArchive(), throughPipe: true, recipe: recipe)
        #expect(try pipe.description == file.description)
    }

    /// What we made is read as what a registry made, kept to the byte.
    private func expectKept(_ blob: [UInt8], of image: SyntheticImage) throws {
        let name = "\(image.diffIDs[0].hex).tar"
        let members = image.dockerArchive().changing(name) { _ in blob }
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe, recipe: Recipe(.none))
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            let found = try reading.images.map { try reading.parts($0).layers.map(\.digest) }
            #expect(found == [[Digest(of: blob)]])
        }
    }

    /// A layer of no bytes at all: not even a tar's end mark.
    @Test(arguments: [LayerEncoding.gzip, .zstd, .none])
    func empty(_ encoding: LayerEncoding) throws {
        let image = SyntheticImage(layers: [[]])
        let file = try Reading(image.dockerArchive(), recipe: Recipe(encoding))
        #expect(file.images.count == 1)
        let pipe = try Reading(
            image.dockerArchive(),
            throughPipe: true,
            recipe: Recipe(encoding)
        )
        #expect(try pipe.description == file.description)
    }

    /// What the test above makes must be readable, too.
    @Test(arguments: [Packed.gzip, .zstd]) func emptyCompressed(_ packed: Packed) throws {
        let image = SyntheticImage(layers: [[]])
        let members = image.dockerArchive().changing("\(image.diffIDs[0].hex).tar") { packed($0) }
        let reading = try Reading(members)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(reading.images.count == 1)
    }

    /// A tar of exactly so many bytes, where there is room for one.
    private static func layer(_ size: Int) -> [UInt8] {
        guard size >= 2048 else { return [UInt8](repeating: 0, count: size) }
        let content = Generator.text(size - 1536 - size % 512, seed: UInt64(size))
        return TarBuilder.tar([.file("f", content)])
            + [UInt8](repeating: 0, count: size % 512)
    }

    /// A second run finds what the first stored, and writes nothing.
    @Test func aKnownLayerIsNotEncodedAgain() throws {
        let image = SyntheticImage(layers: [Self.layer(3 * Self.chunk), Self.layer(5000)])
        let scratch = try TemporaryFolder()
        let path = try scratch.write("a.tar", TarBuilder.tar(image.dockerArchive()))
        let first = try Reading(path)
        let before = try Tree.snapshot(first.folder["store"])
        let again = first.again(path)
        #expect(again.images.map(\.line) == first.images.map(\.line))
        #expect(Tree.differences(before, try Tree.snapshot(first.folder["store"])) == [])
    }

    @Test func aWrongRecordIsOnlyAHint() throws {
        let image = SyntheticImage(layers: [Self.layer(5000)])
        let scratch = try TemporaryFolder()
        let path = try scratch.write("a.tar", TarBuilder.tar(image.dockerArchive()))
        let first = try Reading(path)
        let layers = try first.parts(try #require(first.images.first)).layers
        try first.folder.write("store/\(layers[0].digest.blobPath)", "damaged")
        let again = first.again(path)
        #expect(again.images.map(\.line) == first.images.map(\.line))
        #expect(Digest(of: try first.bytes(layers[0].digest)) == layers[0].digest)
    }
}
