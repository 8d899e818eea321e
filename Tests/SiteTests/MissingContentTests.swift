// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// What is missing from all inputs and the site: every digest once, and every image that needs it.
@Suite struct MissingContentTests {
    private let image = SyntheticImage.small
    private let other = SyntheticImage(
        layers: [SyntheticImage.layer("a", "one"), SyntheticImage.layer("c", "three")]
    )

    /// The list as text: `KIND DIGEST INPUT: NAMES`.
    private func list(_ outcome: SiteBuild.Outcome) -> [String] {
        outcome.missing
            .flatMap { input, content in
                content.parts.map { part, images in
                    let name = input.split(separator: "/").last ?? ""
                    let kind = "\(part.kind.rawValue)\(part.isDiffID ? " of" : "")"
                    return "\(kind) \(part.digest) \(name): \(images.names.joined(separator: " "))"
                }
            }
            .sorted()
    }

    private func packed(_ image: SyntheticImage) -> [Digest] {
        image.layers.map { Digest(of: Packed.gzip($0)) }
    }

    /// All parts of one image, not only the first.
    @Test func allPartsOfALayout() throws {
        let site = try BuiltSite()
        let root = Digest(of: image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip"))
        let kept = [root.blobPath, "index.json", "oci-layout"]
        let input = try site.archive("a.tar", image.layout().filter { kept.contains($0.name) })
        let outcome = try site.build([input])
        let name = "docker.io/library/app:1"
        #expect(outcome.errors.count == 1)
        #expect(
            list(outcome)
                == (["config \(image.configDigest) a.tar: \(name)"]
                + packed(image).map { "layer \($0) a.tar: \(name)" })
                .sorted()
        )
    }

    /// A layer that images of two inputs share, known by its diffID.
    @Test func aBaseLayerOfDockerArchives() throws {
        let site = try BuiltSite()
        let base = "\(image.diffIDs[0].hex).tar"
        let inputs = [
            try site.archive("a.tar", image.dockerArchive(["a:1", "a:2"]).without(base)),
            try site.archive("b.tar", other.dockerArchive(["b:1"]).without(base)),
        ]
        let outcome = try site.build(inputs)
        #expect(outcome.errors.map(\.image) == ["a:1", "a:2", "b:1"])
        let digest = image.diffIDs[0]
        #expect(
            list(outcome) == ["layer of \(digest) a.tar: a:1 a:2", "layer of \(digest) b.tar: b:1"]
        )
    }

    /// What another input has isn't missing, even if the first missing part is nowhere.
    @Test func aPartOfItIsElsewhere() throws {
        let site = try BuiltSite()
        let layers = packed(image)
        let blobs = image.layout().filter { $0.name == layers[1].blobPath }
        let rest = layers.reduce(image.layout()) { $0.without($1.blobPath) }
        let inputs = [try site.archive("a.tar", rest), try site.archive("blobs.tar", blobs)]
        #expect(
            list(try site.build(inputs)) == [
                "layer \(layers[0]) a.tar: docker.io/library/app:1"
            ]
        )
    }

    /// A registry's tags: one lacks a manifest, the other a layer.
    @Test func aRegistry() throws {
        let site = try BuiltSite()
        var volume = SyntheticVolume()
        let first = volume.push(image, "app", tag: "1")
        volume.push(other, "tool", tag: "2")
        let layer = packed(other)[1]
        let members = volume.members.filter {
            !$0.name.contains("blobs/sha256/\(first.hex.prefix(2))/\(first.hex)")
                && !$0.name.contains("/\(layer.hex)/data")
        }
        let outcome = try site.build([try site.archive("r.tar", members)])
        #expect(
            list(outcome) == ["layer \(layer) r.tar: tool:2", "manifest \(first) r.tar: app:1"]
        )
    }

    /// An engine's index: only the platform that it saved counts.
    @Test func theSavedPlatform() throws {
        let site = try BuiltSite()
        let arm = SyntheticImage(layers: other.layers, architecture: "arm64")
        let manifests = [image, arm].map { $0.ociManifest() }
        let index = Manifest.index(manifests.map { SyntheticImage.descriptor($0, .ociManifest) })
        let layer = image.diffIDs[1]
        let members =
            image.layoutBlobs().without(layer.blobPath) + [
                .file(index.digest.blobPath, index.bytes),
                SyntheticImage.index([(index.bytes, .ociIndex, "app:1")]),
                SyntheticImage.layoutMark, SyntheticImage.list([]),
            ]
        let outcome = try site.build([try site.archive("a.tar", members)])
        #expect(list(outcome) == ["layer \(layer) a.tar: docker.io/library/app:1"])
    }

    /// With `--sparse fail`, missing platforms are missing content.
    @Test func platforms() throws {
        let site = try BuiltSite()
        let arm = Digest(of: other.ociManifest())
        let manifests = [image, other].map { $0.ociManifest() }
        let index = Manifest.index(manifests.map { SyntheticImage.descriptor($0, .ociManifest) })
        let members =
            image.layoutBlobs() + [
                .file(index.digest.blobPath, index.bytes),
                SyntheticImage.index([(index.bytes, .ociIndex, "app:1")]),
            ]
        let input = try site.archive("a.tar", members)
        let outcome = try site.build([input]) { $0.selection.gaps = .fail }
        #expect(list(outcome) == ["manifest \(arm) a.tar: docker.io/library/app:1"])
        #expect(try site.build([input]).missing.isEmpty)
    }

    /// A link that leads out of the input has a remedy of its own, and a damaged blob isn't missing.
    @Test func otherFaults() throws {
        let site = try BuiltSite()
        let layer = packed(image)[0].blobPath
        let rest = image.layout().without(layer)
        let inputs = [
            try site.archive("a.tar", rest + [.symbolicLink(layer, to: "/gone")]),
            try site.archive("b.tar", rest + [.file(layer, "x")]),
        ]
        let outcome = try site.build(inputs)
        #expect(outcome.errors.count == 2)
        #expect(outcome.missing.isEmpty)
    }

    /// The list of a hostile input ends, and says so.
    @Test func limits() {
        let part = MissingContent.Part(image.configDigest, .config)
        var missing = MissingContent()
        let names = (0..<MissingContent.maximumNames + 5).map { "app:\($0)" }
        for name in names { missing.add([part], neededBy: [name]) }
        missing.add([part], neededBy: ["one:1"])
        #expect(missing.parts[part]?.names.count == MissingContent.maximumNames)
        #expect(missing.parts[part]?.more == 6)
        #expect(!missing.isCut)
        let parts = (0..<MissingContent.maximumParts)
            .map { number in
                MissingContent.Part(Digest(of: Array("\(number)".utf8)), .layer)
            }
        missing.add(parts, neededBy: ["two:2"])
        #expect(missing.parts.count == MissingContent.maximumParts)
        #expect(missing.isCut)
        // Each digest has an image nevertheless.
        #expect(missing.parts.values.allSatisfy { !$0.names.isEmpty })
    }
}
