// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Compressed layers in all the forms that tools write: kept to the byte, and read as one layer.
@Suite struct LayerStreamTests {
    private static let image = SyntheticImage.small

    private static func frame(_ number: UInt8, _ size: Int) -> [UInt8] {
        [number, 0x2A, 0x4D, 0x18, UInt8(size), 0, 0, 0] + Generator.noise(size)
    }

    /// A layer in two streams, with something in front, between and behind.
    private static func stream(_ packed: Packed, _ form: Int, _ layer: [UInt8]) -> [UInt8] {
        let (one, two) = (packed(Array(layer.prefix(700))), packed(Array(layer.dropFirst(700))))
        let zeros = [UInt8](repeating: 0, count: 512)
        guard packed == .zstd else { return form % 2 == 0 ? one + two : one + two + zeros }
        let start = form & 1 == 0 ? [] : frame(0x50, 4) + frame(0x5E, 0)
        let middle = form & 2 == 0 ? [] : frame(0x53, 9)
        let end = form & 4 == 0 ? [] : frame(0x5F, 200) + zeros
        return start + one + middle + two + end
    }

    @Test(arguments: [Packed.gzip, .zstd], 0..<8) func layouts(_ packed: Packed, _ form: Int) throws
    {
        let packing = { Self.stream(packed, form, $0) }
        let manifest = Self.image.ociManifest(packing: packing, suffix: "+\(packed)")
        let members =
            Self.image.layoutBlobs(packing: packing, suffix: "+\(packed)")
            + [SyntheticImage.index([(manifest, .ociManifest, "app:1")])]
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            #expect(reading.images.map(\.root.digest) == [Digest(of: manifest)])
        }
    }

    @Test(arguments: Packed.allCases, 0..<8) func dockerArchives(_ packed: Packed, _ form: Int)
        throws
    {
        var members = Self.image.dockerArchive()
        for (digest, layer) in zip(Self.image.diffIDs, Self.image.layers) {
            members = members.changing("\(digest.hex).tar") { _ in Self.stream(packed, form, layer)
            }
        }
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            let parts = try reading.parts(try #require(reading.images.first))
            for (layer, content) in zip(parts.layers, Self.image.layers) {
                let blob = try reading.bytes(layer.digest)
                #expect(try Unpacked.bytes(blob) == content)
                guard packed == .gzip || packed == .zstd else { continue }
                #expect(blob == Self.stream(packed, form, content))
                #expect(layer.mediaType.description.hasSuffix("+\(packed)"))
            }
        }
    }

    /// What isn't zero is no padding, and clients would refuse the layer.
    @Test(arguments: [Packed.gzip, .zstd]) func otherBytes(_ packed: Packed) throws {
        let name = "\(Self.image.diffIDs[1].hex).tar"
        let members = Self.image.dockerArchive().changing(name) { packed($0) + [0, 0, 7] }
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.images.isEmpty)
            #expect("\(reading.faults)".contains("bytes follow the \(packed) stream"))
        }
    }
}
