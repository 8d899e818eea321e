// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Testing

/// `--replace` decides between inputs that claim one platform of a tag; other platforms still join.
@Suite struct ReplaceTests {
    /// The platforms that the tag's manifest has, with the images for them.
    private func platforms(of merge: SiteMerge) throws -> [String] {
        let entry = try #require(merge.index.app)
        if let platform = entry.platform { return ["\(platform) \(entry.digest)"] }
        let document = try #require(merge.indexes.first { $0.digest == entry.digest })
        let manifest = try Manifest(document, claimed: ManifestKind.ociIndex.mediaType)
        return manifest.manifests.map { "\($0.platform?.description ?? "-") \($0.digest)" }
    }

    private func line(_ architecture: String, _ content: String) -> String {
        "linux/\(architecture) \(Sample.digest(content))"
    }

    private func image(_ content: String, _ architecture: String) throws -> SavedImage {
        try Sample.image(content, names: ["app:1"], platforms: [architecture])
    }

    @Test func differentPlatformsJoin() throws {
        let images = try [image("amd", "amd64"), image("arm", "arm64")]
        let merge = try Sample.merge(images, replace: true)
        #expect(try platforms(of: merge) == [line("amd64", "amd"), line("arm64", "arm")])
        let change = try #require(merge.changes.first)
        #expect(change.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        #expect(change.superseded.isEmpty)
        let without = try Sample.merge(images)
        #expect(merge.index.bytes == without.index.bytes)
    }

    @Test func theLastWinsItsPlatformOnly() throws {
        let merge = try Sample.merge(
            [image("old", "amd64"), image("arm", "arm64"), image("new", "amd64")],
            replace: true
        )
        #expect(try platforms(of: merge) == [line("amd64", "new"), line("arm64", "arm")])
        let change = try #require(merge.changes.first)
        #expect(change.images.map(\.input) == ["arm.tar", "new.tar"])
        #expect(
            change.superseded.map { "\($0.input) \($0.platforms) \($0.winner)" } == [
                "old.tar [linux/amd64] new.tar"
            ]
        )
    }

    /// What the tag has in the site for other platforms stays, with and without `--replace`.
    @Test func thePresentPlatformsStay() throws {
        let first = try Sample.merge([try image("amd", "amd64")])
        let merge = try Sample.merge([image("arm", "arm64")], into: first.index, replace: true)
        #expect(try platforms(of: merge) == [line("amd64", "amd"), line("arm64", "arm")])
        let change = try #require(merge.changes.first)
        #expect(change.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        #expect(change.dropped.isEmpty)
    }

    private func child(_ content: String, _ platform: Platform?, of image: String? = nil)
        -> Descriptor
    {
        var child = Descriptor(
            mediaType: ManifestKind.ociManifest.mediaType,
            digest: Sample.digest(content),
            size: 1,
            platform: platform
        )
        guard let image else { return child }
        child.annotations = [
            JSON.Member(
                "vnd.docker.reference.digest",
                .string(Sample.digest(image).description)
            )
        ]
        return child
    }

    /// An index with an attestation for each of its two images.
    private func index() throws -> (image: SavedImage, children: [Digest: [Descriptor]]) {
        let image = try Sample.image(
            "index",
            names: ["app:1"],
            platforms: ["amd64", "arm64"],
            kind: .ociIndex
        )
        let unknown = Platform("unknown/unknown")
        let children = [
            child("i-amd", Sample.platform("amd64")), child("i-arm", Sample.platform("arm64")),
            child("about-amd", unknown, of: "i-amd"), child("about-arm", unknown, of: "i-arm"),
        ]
        return (image, [image.root.digest: children])
    }

    @Test func anImageTakesOnePlatformOfAnIndex() throws {
        let (index, children) = try index()
        let merge = try Sample.merge(
            [index, image("new", "arm64")],
            replace: true,
            children: children
        )
        #expect(
            try platforms(of: merge) == [
                line("amd64", "i-amd"), line("arm64", "new"),
                "unknown/unknown \(Sample.digest("about-amd"))",
            ]
        )
        let change = try #require(merge.changes.first)
        #expect(change.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        #expect(change.superseded.map(\.platforms) == [[Sample.platform("arm64")]])
    }

    /// An index that has everything is served as it is, under its own digest.
    @Test func anIndexTakesAllPlatforms() throws {
        let (index, children) = try index()
        let merge = try Sample.merge(
            [image("old", "arm64"), image("older", "amd64"), index],
            replace: true,
            children: children
        )
        #expect(merge.index.app?.digest == index.root.digest)
        #expect(merge.indexes.isEmpty)
        #expect(merge.changes.first?.superseded.map(\.input) == ["old.tar", "older.tar"])
    }

    @Test func anIndexLeavesOtherPlatforms() throws {
        let (index, children) = try index()
        let merge = try Sample.merge(
            [image("s390", "s390x"), index],
            replace: true,
            children: children
        )
        let platforms = merge.changes.first?.platforms.map(\.description) ?? []
        #expect(platforms == ["linux/amd64", "linux/arm64", "linux/s390x"])
        #expect(merge.changes.first?.superseded.isEmpty == true)
    }

    /// Nothing tells an artifact from what else has its tag: the last one has it alone.
    @Test(arguments: [true, false]) func anArtifact(_ isLast: Bool) throws {
        let artifact = try Sample.image("chart", names: ["app:1"], platforms: [])
        let amd = try image("amd", "amd64")
        let merge = try Sample.merge(isLast ? [amd, artifact] : [artifact, amd], replace: true)
        let winner = isLast ? artifact : amd
        #expect(merge.index.app?.digest == winner.root.digest)
        let change = try #require(merge.changes.first)
        #expect(change.superseded.map(\.input) == [isLast ? "amd.tar" : "chart.tar"])
        #expect(change.images.map(\.input) == [winner.input])
    }

    /// The same image twice, with another one in between: the last one wins.
    @Test func theFirstOnceMore() throws {
        let images = try [image("a", "amd64"), image("b", "amd64"), image("a", "amd64")]
        let merge = try Sample.merge(images, replace: true)
        #expect(try platforms(of: merge) == [line("amd64", "a")])
        #expect(merge.changes.first?.superseded.map(\.input) == ["b.tar"])
    }

    @Test func severalWinners() throws {
        let (index, children) = try index()
        let merge = try Sample.merge(
            [index, image("amd", "amd64"), image("arm", "arm64")],
            replace: true,
            children: children
        )
        #expect(
            merge.changes.first?.superseded.map { "\($0.platforms) \($0.winner)" } == [
                "[linux/arm64] arm.tar", "[linux/amd64] amd.tar",
            ]
        )
    }

    /// An index that names arm64, which its input lacks.
    private func sparse() throws -> (image: SavedImage, children: [Digest: [Descriptor]]) {
        let missing = child("absent", Sample.platform("arm64"))
        let image = try Sample.image(
            "index",
            names: ["app:1"],
            kind: .ociIndex,
            missing: [missing]
        )
        return (image, [image.root.digest: [child("i-amd", Sample.platform("amd64")), missing]])
    }

    /// Clients take the first child for their platform: an absent one must not stand beside another.
    @Test(arguments: [true, false]) func anAbsentChildGivesWay(_ replace: Bool) throws {
        let (sparse, children) = try sparse()
        let images = [sparse, try image("arm", "arm64")]
        let merge = try Sample.merge(images, replace: replace, children: children)
        #expect(try platforms(of: merge) == [line("amd64", "i-amd"), line("arm64", "arm")])
        #expect(merge.changes.first?.missing.isEmpty == true)
    }

    /// A platform that an index only names is not one that the tag has.
    @Test func aSparseIndexInAJoinedOne() throws {
        let (sparse, children) = try sparse()
        let images = [sparse, try image("s390", "s390x")]
        let merge = try Sample.merge(images, replace: true, children: children)
        let change = try #require(merge.changes.first)
        #expect(change.platforms.map(\.description) == ["linux/amd64", "linux/s390x"])
        #expect(change.missing.map(\.digest) == [Sample.digest("absent")])
    }

    /// A tag that moves from a registry's index to one image loses platforms: that is said.
    @Test func platformsThatATagLoses() throws {
        let (index, children) = try index()
        let first = try Sample.merge([index], children: children)
        let merge = try Sample.merge(
            [try image("new", "amd64")],
            into: first.index,
            children: children
        )
        let change = try #require(merge.changes.first)
        #expect("\(change.kind)" == "moved")
        #expect(change.dropped.map(\.description) == ["linux/arm64"])
        let again = try Sample.merge([index], into: merge.index, children: children)
        #expect(again.changes.first?.dropped.isEmpty == true)
    }
}
