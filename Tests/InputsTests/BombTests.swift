// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import Streams
import TestSupport
import Testing

/// Content that expands beyond the limits, whatever it is packed in.
@Suite struct BombTests {
    private static let size = 1 << 20
    private static let image = SyntheticImage(layers: [
        TarBuilder.tar([.file("zeros", [UInt8](repeating: 0, count: size))])
    ])

    private func read(_ tar: [UInt8], layer: Int, run: Int = .max) throws -> Reading {
        let scratch = try TemporaryFolder()
        return try Reading(
            try scratch.write("image.tar", tar),
            budget: ExpansionBudget(layer: layer, run: run)
        )
    }

    private func members(_ packed: Packed) -> [TarMember] {
        let name = "\(Self.image.diffIDs[0].hex).tar"
        return Self.image.dockerArchive().changing(name) { packed($0) }
    }

    @Test(arguments: Packed.allCases) func layers(_ packed: Packed) throws {
        let tar = TarBuilder.tar(members(packed))
        #expect(try read(tar, layer: 2 * Self.size).images.count == 1)
        for outside in [tar, Packed.zstd(tar)] {
            let reading = try read(outside, layer: Self.size)
            let name = "\(Self.image.diffIDs[0].hex).tar"
            let fault = SourceFault.stream(
                .expansion(.layer, limit: Self.size),
                member: name
            )
            try expectNothing(of: reading, [fault])
            #expect(try reading.staged == [])
        }
    }

    @Test(arguments: Packed.allCases) func archives(_ packed: Packed) throws {
        let tar = packed(TarBuilder.tar(Self.image.dockerArchive()))
        #expect(try read(tar, layer: 10, run: 2 * Self.size).images.count == 1)
        let reading = try read(tar, layer: 10, run: Self.size)
        #expect(reading.images.isEmpty)
        let text = "\(reading.faults)"
        #expect(text.contains("expansion") && text.contains("run, limit: \(Self.size)"), "\(text)")
        #expect(try reading.blobs == [])
        #expect(try reading.staged == [])
    }

    /// A small archive may claim a member that no disk can hold: nothing of it is written.
    @Test(arguments: [LayerEncoding.gzip, .none]) func membersThatDoNotFit(
        _ encoding: LayerEncoding
    ) throws {
        let member = TarMember.file("blob", encoding == .none ? Self.image.layers[0] : [1])
            .with {
                $0.claimedSize = 1 << 55
                $0.hasBinarySize = true
            }
        let bomb = Packed.gzip(
            TarBuilder.tar([member], endMark: false) + [UInt8](repeating: 0, count: 1 << 20)
        )
        let reading = try Reading(tar: bomb, recipe: Recipe(encoding))
        guard case .store(let error)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(error.isDiskFull || error.isTooLarge)
        #expect(error.shortage != nil)
    }
}
