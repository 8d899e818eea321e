// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import TestSupport
import Testing

/// Images that get another tag.
@Suite struct TagTests {
    /// A site in which `team/app:1.0` and other tags have moved from the first archive's images to
    /// those of the second.
    private func moved(_ layout: SiteLayout = .plain) throws -> (site: BuiltSite, old: Digest) {
        let site = try BuiltSite()
        try site.build([Fixture.path("docker20-many.tar")], layout: layout)
        let old = try digest("team/app:1.0", site)
        try site.build([Fixture.path("docker28-many.tar")])
        try #require(try digest("team/app:1.0", site) != old)
        return (site, old)
    }

    private func entry(_ name: String, _ site: BuiltSite) throws -> SiteIndex.Entry {
        try site.index.entry(try #require(SiteReference(name)))
    }

    private func digest(_ name: String, _ site: BuiltSite) throws -> Digest {
        try entry(name, site).manifest.digest
    }

    private func expectWhole(_ site: BuiltSite) throws {
        let report = try site.verify()
        #expect(report.faults == [])
        #expect(report.unreferenced == [])
    }

    @Test func names() {
        #expect(NewTag(":stable")?.repository == nil)
        #expect(NewTag("team/app:1")?.repository == RepositoryName("team/app"))
        #expect(NewTag("library/nginx:1") == NewTag("nginx:1"))
        for text in ["", ":", "app", "app:", "App:1", ":-", "a@sha256:0", "h:5000/app:1", "a b:1"] {
            #expect(NewTag(text) == nil, "\(text)")
        }
    }

    @Test(arguments: SiteLayout.allCases) func newTags(_ layout: SiteLayout) throws {
        let site = try BuiltSite()
        try site.build([Fixture.path("docker20-many.tar")], layout: layout)
        let before = try site.published()
        let tagging = try site.tag(
            "team/app:1.0",
            as: ":stable",
            "promo/app:1.0",
            "team/app:stable"
        )
        #expect(tagging.changes.map(\.entry.name) == ["team/app:stable", "promo/app:1.0"])
        #expect(tagging.changes.allSatisfy { $0.kind == .added && $0.previous == nil })
        let digest = try digest("team/app:1.0", site)
        for name in ["team/app:stable", "promo/app:1.0"] {
            let entry = try entry(name, site)
            #expect(entry.manifest.digest == digest)
            #expect(entry.isMade)
            #expect(
                entry.manifest.platform == (try self.entry("team/app:1.0", site)).manifest.platform
            )
        }
        let list = try JSON(parsing: try site.folder.read("site/v2/team/app/tags/list"))
        #expect(list["tags"]?.array?.map(\.string) == ["1.0", "stable"])
        let blobs = before.keys.filter { $0.hasPrefix("blobs/") }
        #expect(
            try site.published().keys.filter { $0.hasPrefix("blobs/") }.sorted() == blobs.sorted()
        )
        try expectWhole(site)
    }

    @Test(arguments: SiteLayout.allCases) func rollback(_ layout: SiteLayout) throws {
        let (site, old) = try moved(layout)
        let new = try digest("team/app:1.0", site)
        #expect(try entry("team/app@\(old)", site).isReplaced)
        let tagging = try site.tag("team/app@\(old)", as: ":1.0")
        #expect(tagging.changes.map(\.kind) == [.moved])
        #expect(tagging.changes.map(\.previous) == [new])
        #expect(try digest("team/app:1.0", site) == old)
        let names = try site.index.entries.filter { $0.repository.description == "team/app" }
        #expect(names.map(\.isReplaced) == [false, true])
        #expect(names.last?.manifest.digest == new)
        try expectWhole(site)
    }

    /// After going back, the site is as if the newer image had never been there.
    @Test(arguments: SiteLayout.allCases) func nothingIsLeft(_ layout: SiteLayout) throws {
        let old = [Fixture.path("docker20-one.tar")]
        let site = try BuiltSite()
        try site.build(old, layout: layout)
        let before = try site.published()
        let digest = try digest("zoo/hello:1", site)
        try site.build([Fixture.path("docker28-one.tar")])
        try #require(try self.digest("zoo/hello:1", site) != digest)
        try site.tag("zoo/hello@\(digest)", as: ":1")
        _ = try site.pruner().prune(waiting: false)
        #expect(Tree.differences(before, try site.published()) == [])
    }

    @Test func nothingToDo() throws {
        let (site, _) = try moved()
        let before = try site.snapshot()
        let tagging = try site.tag("team/app:1.0", as: ":1.0", "team/app:1.0")
        #expect(tagging.isEmpty)
        #expect(tagging.changes.map(\.kind) == [.unchanged])
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    @Test func noSuchImage() throws {
        let (site, _) = try moved()
        let before = try site.snapshot()
        let error = #expect(throws: LookupError.self) { try site.tag("team/app:9", as: ":x") }
        guard case .noSuchImage(_, let present)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(present.first == "team/app:1.0")
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }

    /// One name that the site can't hold refuses them all.
    @Test func refusedNames() throws {
        let (site, _) = try moved(.portable)
        let before = try site.snapshot()
        func refusal(_ name: String) -> NamingError? {
            #expect(throws: TagRefusal.self) { try site.tag("team/app:1.0", as: ":ok", name) }?
                .reason
        }
        let con = try #require(RepositoryName("con/app"))
        #expect(refusal("con/app:1") == .notPortable(con, reserved: ["con"]))
        guard case .repositoryClash? = refusal("team/app/tags/list:1"),
            case .reservedName? = refusal("index.html:1")
        else {
            Issue.record("accepted")
            return
        }
        #expect(throws: TagRefusal.self) { try site.tag("team/app:1.0", as: ":RC", ":Rc") }
        #expect(Tree.differences(before, try site.snapshot()) == [])
        // Small letters are stored under another name.
        try site.tag("team/app:1.0", as: ":RC", ":rc")
        try expectWhole(site)
    }

    /// An image that can't be pulled gets no tag.
    @Test func lostContent() throws {
        let (site, old) = try moved()
        let graph = try SiteFolder.forReading(site.path).graph()
        let blobs = try #require(graph.nodes[old]?.blobs)
        let layer = try #require(blobs.last)
        let path = "site/blobs/sha256/\(layer.digest.hex)"
        let bytes = try site.folder.read(path)
        try site.folder.write(path, Array(bytes.dropLast()))
        let size = BlobError.size(layer.digest, expected: layer.size, found: layer.size - 1)
        #expect(throws: size) { try site.tag("team/app@\(old)", as: ":1.0") }
        try site.folder.remove(path)
        #expect(throws: BlobError.missing(layer.digest)) {
            try site.tag("team/app@\(old)", as: ":1.0")
        }
        try site.folder.write(path, bytes)
        try site.folder.write("site/blobs/sha256/\(old.hex)", "damaged")
        #expect(throws: SiteDamage.self) { try site.tag("team/app@\(old)", as: ":1.0") }
        #expect(try digest("team/app:1.0", site) != old)
    }

    /// One platform of an index can get a tag, and keeps its origin.
    @Test func onePlatform() throws {
        let made = try BuiltSite()
        let archives = try ["amd64", "arm64"]
            .map { architecture in
                let image = SyntheticImage(layers: [], architecture: architecture)
                return try made.archive(
                    "\(architecture).tar",
                    image.dockerArchive(["zoo/merge:1"])
                )
            }
        let preserved = ["buildx-docker-amd64.tar", "buildx-docker-arm64.tar"].map(Fixture.path)
        let whole = [Fixture.path("docker28ctr-multiarch-attested.tar")]
        for (inputs, name, isMade) in [
            (archives, "zoo/merge", true), (preserved, "zoo/merge", false),
            (whole, "zoo/multi", false),
        ] {
            let site = try BuiltSite(inputs)
            let graph = try SiteFolder.forReading(site.path).graph()
            let children = graph.children(try entry("\(name):1", site).manifest)
            let child = try #require(children.first { $0.platform?.architecture == "arm64" })
            try site.tag("\(name)@\(child.digest)", as: ":arm64")
            let entry = try entry("\(name):arm64", site)
            #expect(entry.manifest.digest == child.digest)
            #expect(entry.manifest.platform == child.platform)
            #expect(entry.isMade == isMade, "\(inputs)")
            try expectWhole(site)
        }
    }

    @Test func referrersComeAlong() throws {
        let site = try BuiltSite()
        let given = try #require(GivenName("\(Fixture.path("oci-referrers"))=zoo/hello"))
        try site.build([Fixture.path("oci-referrers")]) { $0.given = [given] }
        let here = try site.index.entries.filter { $0.tag == nil }.map(\.manifest.digest)
        try #require(here.count == 2)
        let tagging = try site.tag("zoo/hello:2", as: ":3", "promo/hello:2")
        #expect(tagging.changes.count == 4)
        let there = try site.index.entries.filter { $0.repository.description == "promo/hello" }
        #expect(Set(there.filter { $0.tag == nil }.map(\.manifest.digest)) == Set(here))
        let digest = try digest("zoo/hello:2", site)
        let path = "referrers/\(digest)"
        #expect(
            try site.folder.read("site/v2/promo/hello/\(path)")
                == (try site.folder.read("site/v2/zoo/hello/\(path)"))
        )
        #expect(try site.tag("zoo/hello:2", as: "promo/hello:2").isEmpty)
        try expectWhole(site)
    }

    /// A tag of cosign comes along with its image, but never takes the place of another one.
    @Test func signatureTags() throws {
        let (image, other) = (SyntheticImage.small, SyntheticImage(layers: [], comment: "other"))
        let site = try BuiltSite()
        try site.build([try site.archive("app.tar", image.layout("app:1"))])
        let tag = "sha256-\(try digest("app:1", site).hex).sig"
        let signature = SyntheticImage(layers: [SyntheticImage.layer("s", "signature")])
        try site.build([try site.archive("sig.tar", signature.layout("app:\(tag)"))])
        try site.build([try site.archive("b.tar", other.layout("taken:\(tag)"))])
        let taken = try digest("taken:\(tag)", site)
        try site.tag("app:1", as: "promo/app:1", "taken:1")
        #expect(try digest("promo/app:\(tag)", site) == (try digest("app:\(tag)", site)))
        #expect(try digest("taken:\(tag)", site) == taken)
        try expectWhole(site)
    }

    /// `list` finds what a tag named before, and where it came from, also after the next build.
    @Test func whatATagNamedBefore() throws {
        let (site, old) = try moved()
        try site.tag("team/app:1.0", as: "promo/app:1.0", now: 7)
        let folder = try SiteFolder.forReading(site.path)
        let record = try folder.replacedTimes()[try entry("team/app@\(old)", site)]
        #expect(record?.tags.map(\.description) == ["1.0"])
        #expect(record?.time == 0)
        let (graph, inputs) = (try folder.graph(), try folder.inputs())
        func input(_ name: String) throws -> [String] {
            inputs.sources(of: try entry(name, site), graph).map(\.input)
        }
        #expect(try input("team/app@\(old)") == ["docker20-many.tar"])
        #expect(try input("promo/app:1.0") == ["docker28-many.tar"])
    }

    /// Earlier versions recorded only the time.
    @Test func earlierRecord() throws {
        let json = try JSON(
            parsing: Array(#"{"a@b":5,"c@d":{"time":6,"tags":["1","-"]},"e@f":{}}"#.utf8)
        )
        let text = String(decoding: ReplacedTimes(json).file.bytes, as: UTF8.self)
        #expect(text == #"{"a@b":5,"c@d":{"time":6,"tags":["1"]}}"#)
    }
}
