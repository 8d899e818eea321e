// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteModel
import ClientKit
import OCI
import Servers
import Site
import SiteTestSupport
import Inputs
import Store
import TestSupport
import Testing

/// A site without its index.json is damaged; it is never taken for an empty one.
@Suite struct LostIndexTests {
    static let inputs = [
        "docker20-many.tar", "docker28ctr-multiarch-attested.tar", "docker28ctr-sparse.tar",
        "buildx-docker-amd64.tar", "buildx-docker-arm64.tar", "oci-referrers",
    ]
    .map(Fixture.path)

    /// A site with tags, indexes, a joined index, referrers, names of Docker Hub, a removed tag.
    private func site(_ layout: SiteLayout) throws -> BuiltSite {
        let site = try BuiltSite()
        try site.build(Self.inputs, layout: layout) {
            $0.given = [GivenName("zoo/refs")].compactMap(\.self)
        }
        let reference = try #require(SiteReference("zoo/hello:2"))
        let upkeep = try site.pruner()
        _ = try upkeep.remove([reference])
        return site
    }

    private func lost(_ layout: SiteLayout) throws -> (site: BuiltSite, entries: [SiteIndex.Entry])
    {
        let site = try site(layout)
        let entries = try site.index.entries
        try site.folder.remove("site/index.json")
        return (site, entries)
    }

    /// What a site lists, without what can't be known again.
    private func lines(_ entries: [SiteIndex.Entry]) -> [String] {
        entries.map { "\($0.name) \($0.manifest.mediaType) \($0.isMade ? "made" : "preserved")" }
    }

    @Test(arguments: SiteLayout.allCases) func everyCommandRefuses(_ layout: SiteLayout) throws {
        let site = try lost(layout).site
        let before = try site.snapshot()
        let error = SiteDamage.lostIndex(site.path, isRecoverable: true)
        #expect(throws: error) { try SiteFolder.forWriting(site.path) }
        #expect(throws: error) { try SiteFolder.forWriting(site.path, creating: false) }
        #expect(throws: error) { try SiteFolder.forReading(site.path) }
        #expect(throws: error) { try SiteFolder.forReading(site.path, allowingLinks: true) }
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    /// Any one kind of its other files tells that there was a site.
    @Test(arguments: ["content-types.json", "oci-layout", "v2", "manifests", "blobs"])
    func whateverIsLeft(_ part: String) throws {
        let site = try lost(.plain).site
        for other in ["content-types.json", "oci-layout", "v2", "manifests", "blobs"]
        where other != part { try site.folder.remove("site/\(other)") }
        let hasNames = !["oci-layout", "blobs"].contains(part)
        let error = SiteDamage.lostIndex(site.path, isRecoverable: hasNames)
        #expect(throws: error) { try SiteFolder.forWriting(site.path) }
        #expect(throws: error) { try SiteFolder.forReading(site.path) }
    }

    /// A copy need not have the tool's own state.
    @Test func withoutOurState() throws {
        let site = try lost(.plain).site
        try site.folder.remove("site/.regstatic")
        let lost = SiteDamage.lostIndex(site.path, isRecoverable: true)
        #expect(throws: lost) { try SiteFolder.forWriting(site.path) }
        try site.folder.remove("site/oci-layout")
        #expect(throws: lost) { try SiteFolder.forWriting(site.path) }
        // Nothing tells it from a stranger's folder any more; it is not empty, and so not touched.
        try site.folder.remove("site/content-types.json")
        let foreign = SiteDamage.occupied(site.path)
        #expect(throws: foreign) { try SiteFolder.forWriting(site.path) }
    }

    /// A first build that is stopped leaves only the lock, so that no command takes the folder for a
    /// site.
    @Test func aStoppedFirstBuild() throws {
        let site = try BuiltSite()
        #expect(throws: SiteBuild.Failure.self) {
            let inputs = ["docker28-one.tar", "docker28ctr-one.tar"].map(Fixture.path)
            try site.build(inputs) { $0.isStrict = true }
        }
        #expect(try site.snapshot().keys.sorted() == [".regstatic", ".regstatic/lock"])
        #expect(throws: SiteDamage.notBuilt(site.path)) { try SiteFolder.forReading(site.path) }
        try site.build([Fixture.path("docker20-one.tar")])
        #expect(try site.verify().faults == [])
    }

    /// A killed first build leaves index.json and some blobs, and the next build completes them.
    @Test func anInterruptedFirstBuild() throws {
        let site = try BuiltSite()
        do {
            let folder = try SiteFolder.forWriting(site.path)
            _ = try folder.store.commit([folder.store.stage(Array("blob".utf8))])
        }
        #expect(site.folder.exists("site/index.json"))
        #expect(throws: SiteDamage.notBuilt(site.path)) { try SiteFolder.forReading(site.path) }
        try site.build([Fixture.path("docker20-one.tar")])
        #expect(try site.verify().faults == [])
    }

    /// An index.json without images does not hide the files of a published site.
    @Test(arguments: ["SHA256SUMS", "content-types.json", "oci-layout"])
    func anEmptyIndexInAPublishedSite(_ part: String) throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        let empty = try BuiltSite()
        _ = try SiteFolder.forWriting(empty.path)
        let bytes = try empty.folder.read("site/index.json")
        try site.folder.write("site/index.json", bytes)
        for other in ["SHA256SUMS", "content-types.json", "oci-layout"] where other != part {
            try site.folder.remove("site/\(other)")
        }
        #expect(try !site.verify().faults.isEmpty)
    }

    @Test func anEmptySiteMayChooseItsLayoutAgain() throws {
        let site = try BuiltSite()
        _ = try SiteFolder.forWriting(site.path, layout: .plain)
        try site.build([Fixture.path("docker20-one.tar")], layout: .portable)
        #expect(try site.index.layout == .portable)
        let error = LayoutError.otherLayout(site.path, .portable)
        #expect(throws: error) { try SiteFolder.forWriting(site.path, layout: .plain) }
    }

    @Test func aFolderInWhichNoBuildHasBegun() throws {
        let site = try BuiltSite()
        try site.folder.makeFolder("site/.regstatic")
        let error = SiteDamage.notBuilt(site.path)
        #expect(throws: error) { try SiteFolder.forReading(site.path) }
        #expect(throws: error) { try SiteFolder.forWriting(site.path, creating: false) }
        _ = try SiteFolder.forWriting(site.path)
    }

    // MARK: Recovery

    @Test(arguments: SiteLayout.allCases, SiteLayout.allCases)
    func isRecovered(_ layout: SiteLayout, into other: SiteLayout) throws {
        let (site, entries) = try lost(layout)
        let again = try BuiltSite()
        let outcome = try again.build([site.path], layout: other)
        #expect(outcome.errors.map { "\($0.fault)" } == ["lostIndex"])
        #expect(lines(try again.index.entries) == lines(entries))
        let report = try again.verify()
        #expect(report.faults == [])
        #expect(report.absent.count == 2, "the sparse index lacks two attestations")
    }

    @Test(arguments: SiteLayout.allCases, [(false, false), (true, false), (false, true)])
    func isRecoveredFromATar(
        _ layout: SiteLayout,
        _ way: (throughPipe: Bool, isWrapped: Bool)
    ) throws {
        let site = try lost(layout).site
        let members = try site.published()
            .compactMap { path, entry -> TarMember? in
                switch entry {
                case .file(let bytes, _): .file(path, bytes)
                case .link(let target): .symbolicLink(path, to: target)
                case .folder, .other: nil
                }
            }
        let folder = try Reading(site.path)
        let wrapped = way.isWrapped ? members.map { $0.wrapped(in: "around") } : members
        let tar = try Reading(wrapped, throughPipe: way.throughPipe)
        #expect(tar.faults.map { "\($0)" } == ["lostIndex"])
        #expect(Set(tar.images.map(\.line)) == Set(folder.images.map(\.line)))
    }

    /// What skopeo writes has the bytes of a manifest that regstatic makes; the site remembers which it
    /// made, unless its own state is lost.
    @Test(arguments: [true, false]) func isKnownAsPreserved(_ hasState: Bool) throws {
        let archives = ["skopeo1.9-oci-archive.tar", "skopeo1.9-oci-zstd.tar", "docker20-byid.tar"]
        let site = try BuiltSite(archives.map(Fixture.path))
        let entries = try site.index.entries
        try site.folder.remove("site/index.json")
        if !hasState { try site.folder.remove("site/.regstatic") }
        let again = try BuiltSite([site.path])
        #expect((lines(try again.index.entries) == lines(entries)) == hasState)
        try again.build(archives.map(Fixture.path))
        #expect(lines(try again.index.entries) == lines(entries))
    }

    /// The names below `v2/` are enough, and so are those in content-types.json.
    @Test(arguments: SiteLayout.allCases, ["content-types.json", "v2"])
    func whatElseIsLost(_ layout: SiteLayout, _ part: String) throws {
        let (site, entries) = try lost(layout)
        try site.folder.remove("site/\(part)")
        let again = try BuiltSite()
        try again.build([site.path])
        let tags = { (entries: [SiteIndex.Entry]) in entries.filter { $0.tag != nil }.map(\.name) }
        #expect(tags(try again.index.entries) == tags(entries))
        #expect(try again.verify().faults == [])
    }

    /// With no names left, every image is still served by its digest.
    @Test func allNamesAreLost() throws {
        let (site, entries) = try lost(.plain)
        for part in ["content-types.json", "v2"] { try site.folder.remove("site/\(part)") }
        let again = try BuiltSite()
        try again.build([site.path])
        let found = Set(try SiteFolder.forReading(again.path).graph().nodes.keys)
        #expect(found.isSuperset(of: entries.map(\.manifest.digest)))
        #expect(try again.index.entries.allSatisfy { $0.tag == nil })
    }

    /// A manifest has a copy below `manifests/`, which stands in for its lost blob.
    @Test(arguments: SiteLayout.allCases) func lostManifests(_ layout: SiteLayout) throws {
        let (site, entries) = try lost(layout)
        for entry in entries {
            try site.folder.remove("site/\(entry.manifest.digest.blobPath)")
        }
        let again = try BuiltSite()
        try again.build([site.path])
        #expect(lines(try again.index.entries) == lines(entries))
        #expect(try again.verify().faults == [])
    }

    /// The copy also stands in for a blob that was cut off, emptied or changed.
    @Test(arguments: SiteLayout.allCases) func damagedManifests(_ layout: SiteLayout) throws {
        let (site, entries) = try lost(layout)
        for (number, entry) in entries.enumerated() {
            let path = "site/\(entry.manifest.digest.blobPath)"
            let bytes = try site.folder.read(path)
            let damaged = [Array(bytes.dropLast()), [], bytes.dropLast() + [0x20]][number % 3]
            try site.folder.write(path, damaged)
        }
        let again = try BuiltSite()
        let outcome = try again.build([site.path])
        #expect(outcome.errors.map { "\($0.fault)" } == ["lostIndex"])
        #expect(lines(try again.index.entries) == lines(entries))
        #expect(try again.verify().faults == [])
    }

    /// What is damaged besides is refused by itself, under its name.
    @Test(arguments: SiteLayout.allCases) func damageBesides(_ layout: SiteLayout) throws {
        let (site, entries) = try lost(layout)
        let entry = try #require(entries.first { $0.name == "zoo/hello:3" })
        let manifest = try Manifest(
            try RawDocument(try site.folder.read("site/\(entry.manifest.digest.blobPath)")),
            claimed: entry.manifest.mediaType
        )
        let layer = try #require(manifest.blobs.last).digest
        try site.folder.remove("site/\(layer.blobPath)")
        let again = try BuiltSite()
        let outcome = try again.build([site.path])
        #expect(outcome.errors.compactMap(\.image).contains("zoo/hello:3"))
        #expect(try again.index.entries.contains { $0.name == "zoo/multi:1" })
        #expect(try !again.index.entries.contains { $0.name == "zoo/hello:3" })
    }

    /// A damaged copy of a manifest is no tag: content-types.json says which one it was.
    @Test func aDamagedTag() throws {
        let (site, entries) = try lost(.portable)
        try site.folder.write("site/v2/zoo/hello/manifests/_3.oci-manifest", "{}")
        let again = try BuiltSite()
        try again.build([site.path])
        #expect(lines(try again.index.entries) == lines(entries))
    }

    /// Two files for one tag, as a stranger could write them: one of them counts, always the same.
    @Test func twoFilesOfATag() throws {
        let site = try lost(.portable).site
        let other = try site.folder.read("site/v2/zoo/hello/manifests/_1.oci-manifest")
        try site.folder.write("site/v2/zoo/hello/manifests/_3.docker-manifest", other)
        var found: Set<String> = []
        for _ in 0..<4 {
            let again = try BuiltSite()
            try again.build([site.path])
            let entry = try again.index.entries.first { $0.name == "zoo/hello:3" }
            found.insert("\(entry?.manifest.digest.description ?? "none")")
        }
        #expect(found.count == 1)
        #expect(!found.contains("none"))
    }
}
