// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Synchronization
import TestSupport
import Testing

/// A site that is made exactly what the inputs hold.
@Suite struct MirrorTests {
    private static let many = Fixture.path("docker20-many.tar")
    private static let attested = Fixture.path("docker28ctr-multiarch-attested.tar")

    @Test(arguments: SiteLayout.allCases) func exactlyTheInputs(_ layout: SiteLayout) throws {
        let site = try BuiltSite()
        try site.build([Self.many], layout: layout)
        let asked = Mutex<[String]>([])
        let outcome = try site.build([Self.attested], layout: layout) { options in
            options.mirroring = { entries in
                asked.withLock { $0 = entries.map(\.name) }
                return true
            }
        }
        #expect(outcome.removed.map(\.name) == asked.withLock(\.self))
        #expect(outcome.removed.count == 6)
        let only = try BuiltSite()
        try only.build([Self.attested], layout: layout)
        #expect(try site.index.entries == only.index.entries)
        let differences = Tree.differences(try only.published(), try site.published())
        #expect(differences.allSatisfy { $0.contains("index.json") })
        #expect(try site.verify().faults == [])
    }

    @Test func nothingToRemoveIsNotAsked() throws {
        let site = try BuiltSite([Self.many])
        let outcome = try site.build([Self.many, Self.attested]) { options in
            options.mirroring = { _ in
                Issue.record("asked")
                return false
            }
        }
        #expect(outcome.removed.isEmpty)
        #expect(outcome.changes.count { $0.kind == .unchanged } == 6)
    }

    @Test func declined() throws {
        let site = try BuiltSite([Self.many])
        let before = try site.published()
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([Self.attested]) { $0.mirroring = { _ in false } }
        }
        try expectSame(before, site)
    }

    /// The wrong files are no wish to have none: a mirror would be empty.
    @Test func nothingForThePlatform() throws {
        let site = try BuiltSite([Self.many])
        let before = try site.published()
        let arm = try #require(Platform("linux/arm64"))
        let amd = try #require(Platform("linux/amd64"))
        let failure = #expect(throws: SiteBuild.Failure.self) {
            try site.build([Self.many]) { options in
                options.selection = Selection(platforms: [arm])
                options.mirroring = { _ in true }
            }
        }
        let expected = PolicyRefusal.noWantedPlatform([arm], present: [amd])
        #expect(failure?.cause as? PolicyRefusal == expected)
        try expectSame(before, site)
        // One input of several may have nothing.
        let outcome = try site.build([Self.many, Self.attested]) { options in
            options.selection = Selection(platforms: [arm])
        }
        #expect(outcome.changes.map(\.entry.name) == ["zoo/multi:1"])
    }

    /// What `prune` would refuse afterwards is refused before anything is published.
    @Test func damagedPlatform() throws {
        let (first, second) = (SyntheticImage.small, SyntheticImage(layers: []))
        let manifests = [first.ociManifest(), second.ociManifest()]
        let index = Manifest.index(
            manifests.enumerated()
                .map { number, manifest in
                    var child = SyntheticImage.descriptor(manifest, .ociManifest)
                    child.platform = Platform(number == 0 ? "linux/amd64" : "linux/arm64")
                    return child
                }
        )
        let root = [SyntheticImage.index([(index.bytes, .ociIndex, "app:1")])]
        let list = [TarMember.file(index.digest.blobPath, index.bytes)] + root
        let site = try BuiltSite()
        let whole = first.layoutBlobs() + second.layoutBlobs() + list
        try site.build([try site.archive("whole.tar", whole), Self.many])
        let child = Digest(of: manifests[1])
        try site.folder.write("site/\(child.blobPath)", "damaged")
        let before = try site.published()
        let sparse = try site.archive("sparse.tar", first.layoutBlobs() + list)
        let failure = #expect(throws: SiteBuild.Failure.self) {
            try site.build([sparse]) { $0.mirroring = { _ in true } }
        }
        let lost = LostManifest(
            site: site.path,
            digest: child,
            images: ["app:1"],
            inputs: ["whole.tar"]
        )
        #expect(failure?.cause as? SiteDamage == .lostManifest(lost))
        #expect(Tree.differences(before, try site.published()) == [])
    }

    /// What is refused is not gone where it comes from: it may not go here.
    @Test func refusedInput() throws {
        let site = try BuiltSite([Self.many])
        let before = try site.published()
        let broken = try site.folder.write("broken.tar", "no tar")
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([Self.attested, broken]) { $0.mirroring = { _ in true } }
        }
        try expectSame(before, site)
    }

    @Test func strict() throws {
        let site = try BuiltSite([Self.many])
        let before = try site.published()
        let broken = try site.folder.write("broken.tar", "no tar")
        #expect(throws: SiteBuild.Failure.self) {
            try site.build([Self.attested, broken]) { $0.isStrict = true }
        }
        try expectSame(before, site)
        try site.build([Self.attested]) { $0.isStrict = true }
    }

    /// Blobs that nothing refers to may be there: the next run takes them.
    private func expectSame(_ before: [String: Tree.Entry], _ site: BuiltSite) throws {
        let after = try site.published().filter { !$0.key.hasPrefix("blobs/") }
        let was = before.filter { !$0.key.hasPrefix("blobs/") }
        #expect(Tree.differences(was, after) == [])
        #expect(try site.verify().faults == [])
    }
}
