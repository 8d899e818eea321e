// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import Streams
import TestSupport
import Testing

/// Tars that have no end mark: whole ones are read, and others can't be told from a cut.
@Suite struct EndMarkTests {
    let image = SyntheticImage.small

    private func read(_ members: [TarMember], _ throughPipe: Bool) throws -> Reading {
        try Reading(tar: TarBuilder.tar(members, endMark: false), throughPipe: throughPipe)
    }

    private func expectCut(_ members: [TarMember], location: SourceLocation = #_sourceLocation)
        throws
    {
        for throughPipe in [false, true] {
            let reading = try read(members, throughPipe)
            try expectNothing(
                of: reading,
                [.stream(.truncated, member: nil)],
                location: location
            )
            #expect(reading.outcome.warnings == [], sourceLocation: location)
            #expect(try reading.staged == [], sourceLocation: location)
        }
    }

    @Test(arguments: [false, true]) func wholeArchives(_ throughPipe: Bool) throws {
        let link = TarMember.symbolicLink("x", to: "y")
        for members in [
            image.dockerArchive(), image.layout(), image.dockerArchive() + [link],
            Array(image.layout().reversed()), image.dockerArchive().map { $0.wrapped(in: "a") },
        ] {
            let reading = try read(members, throughPipe)
            #expect(try reading.description == Reading(members).description)
            #expect(reading.faults.isEmpty)
            #expect(reading.outcome.warnings == [.noEndMark])
        }
    }

    @Test(arguments: Packed.allCases) func compressed(_ packed: Packed) throws {
        let tar = TarBuilder.tar(image.dockerArchive(), endMark: false)
        let reading = try Reading(tar: packed(tar))
        #expect(reading.images.count == 1)
        #expect(reading.outcome.warnings == [.noEndMark])
    }

    @Test func missingParts() throws {
        let docker = image.dockerArchive()
        try expectCut(docker.without("manifest.json"))
        try expectCut(docker.without("\(image.diffIDs[1].hex).tar"))
        try expectCut(docker.without("\(image.configDigest.hex).json"))
        let layout = image.layout()
        try expectCut(layout.without("index.json"))
        try expectCut(layout.without(image.configDigest.blobPath))
        try expectCut([SyntheticImage.layoutMark] + docker)
    }

    /// Docker writes `manifest.json` and `repositories` after the index: without them, the invented
    /// manifests look like those of a registry.
    @Test func listsThatMayFollow() throws {
        let manifest = image.ociManifest()
        let layout =
            image.layoutBlobs() + [SyntheticImage.index([(manifest, .ociManifest, "app:1")])]
        #expect(try Reading(layout).images.count == 1)
        try expectCut(layout)
    }

    @Test func sparseIndexes() throws {
        let (one, other) = (image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip"), [7])
        let index = Manifest.index([
            SyntheticImage.descriptor(one, .ociManifest),
            SyntheticImage.descriptor(other.map(UInt8.init), .ociManifest),
        ])
        let members =
            image.layoutBlobs(packing: { Packed.gzip($0) }, suffix: "+gzip")
            + [
                .file(index.digest.blobPath, index.bytes),
                SyntheticImage.index([(index.bytes, .ociIndex, "app:1")]),
            ]
        #expect(try Reading(members).images.count == 1)
        try expectCut(members)
    }

    /// A tag that comes after the cut would be lost in silence.
    @Test func registries() throws {
        try expectCut(try Fixture.members("registry-backup.tar"))
    }
}
