// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// A registry's data that is broken in places: what is whole goes in, and the exit code tells.
@Suite struct BadVolumeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func volume(_ breaking: (inout SyntheticVolume) -> Void) throws -> String {
        var volume = SyntheticVolume()
        volume.push(.small, "team/app", tag: "1")
        breaking(&volume)
        return try folder.write("registry.tar", TarBuilder.tar(volume.members))
    }

    private func point(_ volume: inout SyntheticVolume, to text: String) {
        volume.members.append(.file(SyntheticVolume.tagPath("bad", "1"), text))
    }

    private func expectOnlyTheBadIsRefused(_ input: String, because reason: String) throws {
        let binary = ProgramTests.binary
        let result = try Command.run(binary, ["build", input, "-o", folder["site"]])
        #expect(result.status == 1)
        #expect(result.errors.contains("(bad:1): ") || result.errors.contains("bad:1 in "))
        #expect(result.errors.contains(reason), "\(result.errors)")
        #expect(result.errors.contains("1 added, 1 refused"))
        let strict = try Command.run(
            binary,
            ["build", "--strict", input, "-o", folder["strict"]]
        )
        #expect(strict.status == 1)
        #expect(strict.errors.contains("nothing was changed"))
        #expect(try folder.snapshot("strict").keys.sorted() == [".regstatic", ".regstatic/lock"])
    }

    @Test func tagThatPointsNowhere() throws {
        let input = try volume { point(&$0, to: "\(Digest(of: []))") }
        try expectOnlyTheBadIsRefused(input, because: "1 manifest that it needs")
    }

    @Test func linkWithRubbish() throws {
        let input = try volume { point(&$0, to: "rubbish") }
        try expectOnlyTheBadIsRefused(input, because: "has no digest")
    }

    @Test func blobThatIsGone() throws {
        let input = try volume { volume in
            let image = SyntheticImage(layers: [SyntheticImage.layer("gone", "gone")])
            volume.push(image, "bad", tag: "1")
            let layer = Digest(of: Packed.gzip(image.layers[0]))
            volume.members.removeAll { $0.name == SyntheticVolume.blobPath(layer) }
        }
        try expectOnlyTheBadIsRefused(input, because: "1 layer that it needs")
    }

    @Test func schema1() throws {
        let input = try volume { volume in
            let manifest = #"{"schemaVersion":1,"name":"bad","tag":"1","fsLayers":[]}"#
            volume.push(Array(manifest.utf8), "bad", tag: "1")
        }
        try expectOnlyTheBadIsRefused(input, because: "schema 1")
    }

    @Test func buildCache() throws {
        let input = try volume { volume in
            let blob = volume.add(Array("a layer".utf8))
            let list =
                #"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.buildkit.cacheconfig.v0","#
                + #""digest":"\#(blob)","size":7}]}"#
            volume.push(Array(list.utf8), "bad", tag: "1")
        }
        try expectOnlyTheBadIsRefused(input, because: "is a build cache of BuildKit")
    }

    @Test func servedByDigestOnly() throws {
        var digest = ""
        let input = try volume { volume in
            let image = SyntheticImage(layers: [SyntheticImage.layer("a", "pinned")])
            digest = volume.push(image, "team/app").description
            volume.push(image, "team/digests")
        }
        func build(_ options: String...) throws -> Command.Result {
            let site = folder["site-\(options.count)"]
            return try Command.run(ProgramTests.binary, ["build", input, "-o", site] + options)
        }
        let asDefault = try build()
        #expect(asDefault.status == 0)
        #expect(asDefault.text.contains("added team/digests@\(digest) "), "\(asDefault.text)")
        #expect(!asDefault.text.contains("team/app@"))
        let pins = try folder.write("deploy.yaml", "image: registry.corp/team/app@\(digest)\n")
        let pinned = try build("--pins", pins, "--untagged", "drop", "--strict")
        #expect(pinned.status == 0, "\(pinned.errors)")
        #expect(pinned.errors.contains("1 of 1 pin served"))
    }
}
