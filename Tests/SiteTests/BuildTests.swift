// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Servers
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Store
import Streams
import TestSupport
import Testing

/// Whole runs: the same tree whatever the way to it.
@Suite struct BuildTests {
    static let inputs = [
        "docker20-many.tar", "docker28-byid.tar", "docker28ctr-multiarch-attested.tar",
        "buildx-docker-amd64.tar", "buildx-docker-arm64.tar", "oci-referrers", "oci-artifact",
        "skopeo1.9-oci-zstd.tar", "docker28ctr-sparse.tar",
    ]
    /// Of those above, what claims the same tag of the same platform is left out.
    static let paths = inputs.filter { $0 != "skopeo1.9-oci-zstd.tar" }.map(Fixture.path)

    /// A site of images that need no compressor of ours.
    @Test func tree() throws {
        let site = try BuiltSite()
        try site.build(
            ["buildx-docker-amd64.tar", "buildx-docker-arm64.tar", "oci-artifact"]
                .map(Fixture.path)
        ) { $0.given = [GivenName("charts/demo")].compactMap(\.self) }
        #expect(Golden.difference("site-tree.txt", Tree.text(try site.published())) == nil)
        let types =
            try site.folder.text("site/content-types.json")
            .replacing("},", with: "},\n") + "\n"
        #expect(Golden.difference("site-content-types.txt", types) == nil)
    }

    @Test func orderOfInputs() throws {
        let expected = try BuiltSite(Self.paths).snapshot()
        let turned = try BuiltSite(Self.paths.reversed()).snapshot()
        #expect(Tree.differences(expected, turned) == [])
    }

    @Test(arguments: [1, 2, 7]) func threads(_ threads: Int) throws {
        let expected = try BuiltSite(Self.paths, threads: 3).snapshot()
        let found = try BuiltSite(Self.paths, threads: threads).snapshot()
        #expect(Tree.differences(expected, found) == [])
    }

    /// One run for each input, but for what only together is an index.
    @Test func severalRuns() throws {
        let joined = Self.paths.filter { $0.contains("buildx-docker") }
        let others = Self.paths.filter { !$0.contains("buildx-docker") }
        let expected = try BuiltSite(others + joined).snapshot()
        let site = try BuiltSite(joined)
        for path in others { try site.build([path]) }
        #expect(Tree.differences(expected, try site.snapshot()) == [])
    }

    @Test func aSecondRunWritesNothing() throws {
        let site = try BuiltSite()
        let first = try site.build(Self.paths, servers: Nginx.files(.plain))
        #expect(first.errors.isEmpty)
        #expect(first.written.count > 0)
        let before = try site.snapshot()
        let second = try site.build(Self.paths, servers: Nginx.files(.plain))
        #expect(second.written.count == 0)
        #expect(second.changes.allSatisfy { $0.kind == .unchanged })
        #expect(second.before == second.after)
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    @Test func nothingIsWorldWritable() throws {
        for (path, entry) in try BuiltSite(Self.paths).snapshot() {
            switch entry {
            case .file(_, let mode): #expect(mode == 0o644, "\(path)")
            case .folder(let mode): #expect(mode == 0o755, "\(path)")
            case .link(let target): #expect(target.hasPrefix("../"), "\(path)")
            case .other: Issue.record("\(path)")
            }
        }
    }

    /// Every link leads to a file of the site.
    @Test func noLinkDangles() throws {
        let site = try BuiltSite(Self.paths)
        let tree = try site.published()
        for (path, entry) in tree {
            guard case .link(let target) = entry else { continue }
            let parts = path.split(separator: "/").dropLast() + target.split(separator: "/")
            let resolved = parts.reduce(into: [Substring]()) { path, part in
                // Above the site's own folder there is nothing of ours.
                if part != ".." {
                    path.append(part)
                } else if path.popLast() == nil {
                    path.append("..")
                }
            }
            #expect(tree[resolved.joined(separator: "/")] != nil, "\(path) -> \(target)")
        }
    }

    @Test func aSiteIsAnInput() throws {
        let first = try BuiltSite(Self.paths)
        let copy = try BuiltSite([first.path])
        #expect(Tree.differences(try first.published(), try copy.published()) == [])
    }

    /// Names of a site are taken over as they are, also those with a host or without a tag.
    @Test func namesOfASiteStay() throws {
        let first = try BuiltSite()
        try first.build(Self.paths) { $0.names = NamePolicy(keepHost: true) }
        let copy = try BuiltSite([first.path])
        #expect(try copy.index.entries == first.index.entries)
    }

    /// What an index lacked may come later, under the same digest.
    @Test func aSparseIndexIsCompleted() throws {
        let whole = Fixture.path("buildx-oci-multiarch.tar")
        let site = try BuiltSite([Fixture.path("docker28ctr-sparse.tar")])
        let before = try site.folder.snapshot("site/v2/zoo/multi/manifests").count
        try site.build([whole])
        let expected = try BuiltSite([whole]).folder.snapshot("site/v2/zoo/multi/manifests")
        #expect(before < expected.count)
        let found = try site.folder.snapshot("site/v2/zoo/multi/manifests")
        #expect(Tree.differences(expected, found) == [])
    }

    /// A stick that someone prepared must not make a build write elsewhere.
    @Test func doesNotWriteThroughALinkInTheTree() throws {
        let site = try BuiltSite([Fixture.path("docker28-one.tar")])
        try site.folder.makeFolder("elsewhere")
        try site.folder.remove("site/v2/zoo")
        try site.folder.makeLink("site/v2/zoo", to: "../../elsewhere")
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([Fixture.path("docker20-one.tar")])
        }
        #expect(try site.folder.snapshot("elsewhere").isEmpty)
    }

    @Test func conflictLeavesTheSiteAsItWas() throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        let before = try site.published().filter { !$0.key.hasPrefix("blobs/") }
        let inputs = ["docker28-one.tar", "docker28ctr-one.tar"].map(Fixture.path)
        #expect { try site.build(inputs) { $0.isStrict = true } } throws: { error in
            let failure = error as? SiteBuild.Failure
            return failure?.cause as? PolicyRefusal == .strict && failure?.errors.count == 1
        }
        // The tag of the site stays.
        let outcome = try site.build(inputs)
        #expect(outcome.errors.count == 1 && outcome.changes.isEmpty)
        let after = try site.published().filter { !$0.key.hasPrefix("blobs/") }
        #expect(Tree.differences(before, after) == [])
        #expect(try site.verify().faults == [])
    }

    /// What is refused is told, what is whole is there.
    @Test func oneBrokenInput() throws {
        let site = try BuiltSite()
        let broken = try site.folder.write("broken.tar", "nothing")
        let outcome = try site.build([broken, Fixture.path("docker20-one.tar")])
        #expect(outcome.errors.map(\.input) == [broken])
        #expect(try site.index.entries.map(\.name) == ["zoo/hello:1"])
        #expect(try site.verify().faults == [])
    }

    @Test func refusedSparseIndexLeavesNothing() throws {
        let site = try BuiltSite()
        let path = Fixture.path("docker28ctr-sparse.tar")
        let outcome = try site.build([path]) { $0.selection.gaps = .fail }
        guard case .sparse(_, let missing)? = outcome.errors.first?.fault else {
            Issue.record("\(outcome.errors)")
            return
        }
        #expect(missing.count == 2)
        #expect(try site.index.entries.isEmpty)
        let unreferenced = try site.verify().unreferenced
        #expect(unreferenced == [])
    }

    @Test func foldersThatAreNoSite() throws {
        let site = try BuiltSite()
        try site.folder.write("site/letter.txt", "dear")
        #expect(throws: SiteDamage.occupied(site.path)) { try SiteFolder.forWriting(site.path) }
        #expect(throws: SiteDamage.notASite(site.path)) { try SiteFolder.forReading(site.path) }
        #expect(try site.snapshot().keys.sorted() == ["letter.txt"])
        let none = site.folder["none"]
        #expect(throws: SiteDamage.absent(none)) { try SiteFolder.forReading(none) }
        // The archive in the place of the site.
        let file = site.folder["site/letter.txt"]
        #expect(throws: SiteDamage.notASite(file)) { try SiteFolder.forReading(file) }
        #expect(throws: SiteDamage.notASite(file)) {
            try SiteFolder.forWriting(file, creating: false)
        }
        #expect(throws: SiteDamage.notAFolder(file)) { try SiteFolder.forWriting(file) }
    }

    @Test func oneWriterAtATime() throws {
        let site = try BuiltSite([Fixture.path("docker28-one.tar")])
        let held = try SiteFolder.forWriting(site.path)
        #expect(throws: LockedError.self) { try SiteFolder.forWriting(site.path) }
        // Readers aren't kept out.
        #expect(throws: Never.self) { try SiteFolder.forReading(site.path) }
        withExtendedLifetime(held) {}
    }

    /// An SBOM of one platform stands where the index is that has the platform's manifest.
    @Test func referrerOfOnePlatform() throws {
        let image = SyntheticImage.small
        let child = SyntheticImage.descriptor(image.ociManifest(), .ociManifest)
        let index = Manifest.index([child]).bytes
        let empty = Descriptor(mediaType: .json, digest: Digest(of: Array("{}".utf8)), size: 2)
        let sbom =
            JSON.object([
                "schemaVersion": .integer(2),
                "mediaType": .string(ManifestKind.ociManifest.mediaType.description),
                "artifactType": .string("application/spdx+json"), "config": empty.json,
                "layers": .array([empty.json]), "subject": child.json,
            ])
            .canonicalBytes
        let site = try BuiltSite()
        let blobs = [index, sbom, Array("{}".utf8)]
        let archive = try site.archive(
            "sbom.tar",
            image.layoutBlobs() + blobs.map { .file(Digest(of: $0).blobPath, $0) } + [
                SyntheticImage.index([(index, .ociIndex, "app:1"), (sbom, .ociManifest, nil)])
            ]
        )
        #expect(try site.build([archive]).errors.isEmpty)
        #expect(site.folder.exists("site/v2/app/referrers/\(child.digest)"))
    }

    /// What a killed run left goes away with the next.
    @Test func leftovers() throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        try site.folder.write("site/.regstatic/tmp/77", "half a blob")
        try site.build([Fixture.path("docker20-one.tar")])
        #expect(!site.folder.exists("site/.regstatic/tmp/77"))
    }
}
