// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Testing

/// Several images for one name.
@Suite struct MergeTests {
    private func index(of merge: SiteMerge, _ name: String = "app") throws -> Manifest {
        let document = try #require(merge.indexes.first)
        #expect(merge.index.entries.map(\.manifest.digest).contains(document.digest))
        return try Manifest(document, claimed: ManifestKind.ociIndex.mediaType)
    }

    @Test func theSameImageTwice() throws {
        let one = try Sample.image("a", names: ["app:1"], input: "one.tar")
        let two = try Sample.image("a", names: ["app:1"], input: "two.tar")
        let merge = try Sample.merge([one, two])
        #expect(merge.indexes.isEmpty)
        #expect(merge.index.lines(["a"]) == ["app:1 a"])
    }

    @Test func platformsAreJoined() throws {
        let amd = try Sample.image("amd", names: ["app:1"], platforms: ["amd64"])
        let arm = try Sample.image("arm", names: ["app:1"], platforms: ["arm64"])
        let merge = try Sample.merge([arm, amd])
        let manifests = try index(of: merge).manifests
        #expect(manifests.map(\.digest) == [amd.root.digest, arm.root.digest])
        #expect(manifests.compactMap(\.platform?.description) == ["linux/amd64", "linux/arm64"])
        let turned = try Sample.merge([amd, arm])
        #expect(turned.indexes.map(\.bytes) == merge.indexes.map(\.bytes))
        #expect(turned.index.bytes == merge.index.bytes)
    }

    @Test func anIndexAndAnImageAreJoined() throws {
        let child = Descriptor(
            mediaType: ManifestKind.ociManifest.mediaType,
            digest: Sample.digest("child"),
            size: 1,
            platform: Sample.platform("arm64")
        )
        let index = try Sample.image("i", names: ["app:1"], platforms: ["arm64"], kind: .ociIndex)
        let amd = try Sample.image("amd", names: ["app:1"])
        let merge = try Sample.merge([index, amd], children: [index.root.digest: [child]])
        #expect(
            try self.index(of: merge).manifests.map(\.digest) == [amd.root.digest, child.digest]
        )
    }

    /// One build after the other gives the same site as both inputs in one.
    @Test(arguments: [["amd", "arm"], ["arm", "amd"]])
    func platformsAreJoinedOneByOne(_ order: [String]) throws {
        let images = try ["amd": "amd64", "arm": "arm64"]
            .mapValues { architecture in
                try Sample.image(
                    String(architecture.prefix(3)),
                    names: ["app:1"],
                    platforms: [architecture]
                )
            }
        let together = try Sample.merge(Array(images.values))
        let first = try Sample.merge([try #require(images[order[0]])])
        let second = try Sample.merge([try #require(images[order[1]])], into: first.index)
        #expect(second.index.app == together.index.app)
        #expect(second.indexes.map(\.bytes) == together.indexes.map(\.bytes))
        let again = try Sample.merge(
            [try #require(images[order[0]])],
            into: second.index,
            children: Self.children(of: second)
        )
        #expect(again.changes.map { "\($0.kind)" } == ["unchanged"])
    }

    /// A newer image takes the place of the one for its platform; the others stay.
    @Test func onePlatformMoves() throws {
        let amd = try Sample.image("amd", names: ["app:1"], platforms: ["amd64"])
        let arm = try Sample.image("arm", names: ["app:1"], platforms: ["arm64"])
        let both = try Sample.merge([amd, arm])
        let newer = try Sample.image("newer", names: ["app:1"], platforms: ["arm64"])
        let merge = try Sample.merge([newer], into: both.index, children: Self.children(of: both))
        let manifests = try #require(merge.indexes.first?.json["manifests"]?.array)
        #expect(
            manifests.compactMap { $0["digest"]?.string }
                == [Sample.digest("amd").description, Sample.digest("newer").description]
        )
        let replaced = try Sample.merge(
            [newer],
            into: both.index,
            replace: true,
            children: Self.children(of: both)
        )
        #expect(replaced.index.app == merge.index.app, "--replace decides between inputs only")
    }

    /// A registry's own index is not taken apart: the new image wins, like a push.
    @Test func registrysIndexMoves() throws {
        let index = try Sample.image(
            "index",
            names: ["app:1"],
            platforms: ["amd64", "s390x"],
            kind: .ociIndex
        )
        let first = try Sample.merge([index])
        let arm = try Sample.image("arm", names: ["app:1"], platforms: ["arm64"])
        let merge = try Sample.merge([arm], into: first.index)
        #expect(merge.index.app?.digest == Sample.digest("arm"))
    }

    private static func children(of merge: SiteMerge) -> [Digest: [Descriptor]] {
        Dictionary(
            uniqueKeysWithValues: merge.indexes.map { document in
                let entries = document.json["manifests"]?.array ?? []
                return (document.digest, entries.compactMap(Descriptor.init))
            }
        )
    }

    /// An index that lacks a platform, and an archive of just that one.
    @Test func theMissingPlatformIsListedOnce() throws {
        let arm = try Sample.image("arm", names: ["app:1"], platforms: ["arm64"])
        var children = [arm.root]
        children[0].platform = Sample.platform("arm64")
        let sparse = try Sample.image("i", names: ["app:1"], kind: .ociIndex)
        let merge = try Sample.merge([sparse, arm], children: [sparse.root.digest: children])
        let digests = try index(of: merge).manifests.map(\.digest)
        #expect(digests == [arm.root.digest])
    }

    @Test func conflict() throws {
        let one = try Sample.image("one", names: ["app:1"])
        let two = try Sample.image("two", names: ["app:1"])
        let other = try Sample.image("other", names: ["app:1", "app:2"])
        for images in [[one, two], [two, one], [one, two, other]] {
            let merge = try Sample.merge(images)
            let conflict = try #require(merge.conflicts.first)
            #expect(merge.conflicts.count == 1)
            #expect("\(conflict.repository):\(conflict.tag)" == "app:1")
            #expect(conflict.platform?.description == "linux/amd64")
            #expect(conflict.claims.map(\.input) == images.map(\.input))
            #expect(!conflict.hasTwoHosts)
            // Only the tag in question is refused.
            let names = merge.changes.map(\.entry.name)
            #expect(names == (images.count == 3 ? ["app:2"] : []))
        }
    }

    /// One path on two hosts: `--keep-host` tells them apart.
    @Test func conflictOfHosts() throws {
        let hub = try Sample.image("hub", names: ["docker.io/t/a:1"])
        let quay = try Sample.image("quay", names: ["quay.io/t/a:1"])
        let merge = try Sample.merge([hub, quay])
        let conflict = try #require(merge.conflicts.first)
        #expect(conflict.hasTwoHosts)
        #expect(conflict.claims.flatMap(\.names) == ["docker.io/t/a:1", "quay.io/t/a:1"])
        let kept = try Sample.merge([hub, quay], policy: NamePolicy(keepHost: true))
        #expect(kept.conflicts.isEmpty)
        #expect(kept.changes.map(\.entry.name) == ["docker.io/t/a:1", "quay.io/t/a:1"])
    }

    /// An artifact has no platform: nothing tells it from an image, in either order.
    @Test(arguments: [false, true]) func conflictWithoutPlatform(_ artifactFirst: Bool) throws {
        let artifact = try Sample.image("artifact", names: ["app:1"], platforms: [])
        let image = try Sample.image("image", names: ["app:1"])
        let merge = try Sample.merge(artifactFirst ? [artifact, image] : [image, artifact])
        #expect(merge.conflicts.count == 1)
    }

    @Test func replaceLetsTheLastWin() throws {
        let one = try Sample.image("one", names: ["app:1"])
        let two = try Sample.image("two", names: ["app:1"])
        #expect(
            try Sample.merge([one, two], replace: true).index.lines(["one", "two"])
                == ["app:1 two"]
        )
        #expect(
            try Sample.merge([two, one], replace: true).index.lines(["one", "two"])
                == ["app:1 one"]
        )
    }

    /// A client between tag and manifest still finds the old one.
    @Test func aMovedTagKeepsTheOldManifest() throws {
        let old = try Sample.merge([try Sample.image("old", names: ["app:1"])])
        let new = try Sample.merge([try Sample.image("new", names: ["app:1"])], into: old.index)
        #expect(new.index.lines(["old", "new"]) == ["app:1 new", "app:- old"])
        #expect(new.changes.map { "\($0.kind)" } == ["moved"])
        let back = try Sample.merge([try Sample.image("old", names: ["app:1"])], into: new.index)
        #expect(back.index.lines(["old", "new"]) == ["app:1 old", "app:- new"])
    }

    @Test func whatATagStillNamesIsNotListedTwice() throws {
        let image = try Sample.image("a", names: ["app:1", "app:2"])
        let both = try Sample.merge([image]).index
        let moved = try Sample.merge([try Sample.image("b", names: ["app:1"])], into: both).index
        #expect(moved.lines(["a", "b"]) == ["app:1 b", "app:2 a"])
    }

    @Test func changes() throws {
        let first = try Sample.merge([try Sample.image("a", names: ["b:1", "a:1"])])
        #expect(first.changes.map { "\($0.entry.name) \($0.kind)" } == ["a:1 added", "b:1 added"])
        let second = try Sample.merge(
            [try Sample.image("a", names: ["a:1", "c:1"]), try Sample.image("n")],
            into: first.index
        )
        #expect(
            second.changes.map { "\($0.entry.name) \($0.kind)" } == [
                "a:1 unchanged", "c:1 added", "untagged@\(Sample.digest("n")) added",
            ]
        )
    }

    private func clash(
        _ images: [SavedImage],
        into index: SiteIndex = SiteIndex()
    ) throws -> RepositoryClash {
        let error = #expect(throws: NamingError.self) { try Sample.merge(images, into: index) }
        guard case .repositoryClash(let clash)? = error else {
            throw NamingError.invalidName("no clash")
        }
        return clash
    }

    /// The user must know which inputs clash, and which one can get another name.
    @Test func clashesNameTheirInputs() throws {
        let outer = try Sample.image("a", names: ["x/app:1"])
        let more = try Sample.image("c", names: ["x/app:2"])
        let inner = try Sample.image("b", names: ["x/app/tags/list:1"])
        let found = try clash([outer, inner, more])
        #expect(found.outer.inputs == ["a.tar", "c.tar"])
        #expect(found.inner.inputs == ["b.tar"])
        #expect(!found.outer.isInSite && !found.inner.isInSite)
        #expect(found.movable == found.inner)

        let inSite = try clash([outer], into: Sample.merge([inner]).index)
        #expect(inSite.inner.isInSite && inSite.inner.inputs.isEmpty)
        #expect(inSite.movable == inSite.outer)
    }

    /// A prefix moves all images of an input, so that they still clash.
    @Test func aClashInOneInputCannotBeMoved() throws {
        let images = try ["x/app:1", "x/app/tags/list:1"]
            .map { try Sample.image($0, names: [$0], input: "both.tar") }
        #expect(try clash(images).movable == nil)
    }
}

extension SiteIndex {
    /// What `app:1` names.
    var app: Descriptor? {
        entries.first { $0.name == "app:1" }?.manifest
    }
}
