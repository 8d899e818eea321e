// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import TestSupport
import Testing

/// What a site remembers of where its images came from.
@Suite struct InputCacheTests {
    private let amd64 = Fixture.path("buildx-docker-amd64.tar")
    private let arm64 = Fixture.path("buildx-docker-arm64.tar")
    private let one = Fixture.path("docker20-one.tar")

    /// `name: input platform, …` for each entry.
    private func lines(_ site: BuiltSite) throws -> [String] {
        let folder = try SiteFolder.forReading(site.path)
        let (graph, memory) = (try folder.graph(), try folder.inputs())
        return folder.index.entries.map { entry in
            let sources = memory.sources(of: entry, graph)
                .map { source in
                    [source.input, source.manifest.platform?.description].compactMap(\.self)
                        .joined(separator: " ")
                }
            return "\(entry.name): \(sources.joined(separator: ", "))"
        }
    }

    @Test func theFilesName() throws {
        let site = try BuiltSite([one])
        #expect(try lines(site) == ["zoo/hello:1: docker20-one.tar linux/amd64"])
    }

    /// Of a joined index each platform has its own.
    @Test func platforms() throws {
        let expected = [
            "zoo/merge:1: buildx-docker-amd64.tar linux/amd64, buildx-docker-arm64.tar linux/arm64"
        ]
        #expect(try lines(try BuiltSite([amd64, arm64])) == expected)
        #expect(try lines(try BuiltSite([arm64, amd64])) == expected)
        let later = try BuiltSite([arm64])
        try later.build([amd64])
        #expect(try lines(later).prefix(1) == expected[...])
    }

    /// All of one run are named, in order; who brings it once more has brought nothing.
    @Test func sameImageFromSeveral() throws {
        let bytes = try Fixture.bytes("docker20-one.tar")
        let site = try BuiltSite()
        let (a, b) = (
            try site.folder.write("a.tar", bytes), try site.folder.write("b.tar", bytes)
        )
        try site.build([b, a])
        #expect(try lines(site) == ["zoo/hello:1: a.tar linux/amd64, b.tar linux/amd64"])
        try site.build([one])
        #expect(try lines(site) == ["zoo/hello:1: a.tar linux/amd64, b.tar linux/amd64"])
    }

    /// A site hands on what it knows, whatever the names become.
    @Test(arguments: [SiteLayout.plain, .portable]) func sites(_ layout: SiteLayout) throws {
        let first = try BuiltSite()
        try first.build([amd64, arm64, one], layout: layout)
        let second = try BuiltSite()
        try second.build([first.path]) { $0.names.prefix = RepositoryName("p") }
        let expected = try lines(first).map { "p/\($0)" }
        #expect(try lines(second) == expected)
    }

    @Test func aMovedTag() throws {
        let site = try BuiltSite()
        let archives = try ["old", "new"]
            .map { name in
                let image = SyntheticImage(layers: [], comment: name)
                return try site.archive("\(name).tar", image.dockerArchive(["app:1"]))
            }
        try site.build([archives[0]])
        try site.build([archives[1]])
        #expect(try lines(site).first == "app:1: new.tar linux/amd64")
    }

    private func recipes(_ site: BuiltSite) throws -> [String: [String?]] {
        let folder = try SiteFolder.forReading(site.path)
        let (graph, cache) = (try folder.graph(), try folder.inputs())
        let entries = folder.index.entries
        return Dictionary(
            uniqueKeysWithValues: entries.map {
                ($0.name, cache.sources(of: $0, graph).map(\.recipe))
            }
        )
    }

    /// Only images with layers that a run encoded have a recipe, and a site passes the recipes on.
    @Test func recipesOfEncodedLayers() throws {
        let site = try BuiltSite()
        let multi = Fixture.path("docker28ctr-multiarch-attested.tar")
        // The last archive has compressed layers and no manifest.
        try site.build([one, multi, Fixture.path("crane0.20.tar")])
        let second = try BuiltSite([site.path])
        for site in [site, second] {
            let recipes = try recipes(site)
            #expect(recipes["zoo/hello:1"] == ["gzip-1-v3"])
            #expect(recipes["zoo/multi:1"]?.compactMap(\.self) == [])
            #expect(recipes["zoo/hello:2"] == [nil])
        }
    }

    /// A record of a version that kept no recipes.
    @Test func recordWithoutRecipes() throws {
        let site = try BuiltSite([one])
        let before = try lines(site)
        let path = "site/.regstatic/inputs.json"
        let text = String(decoding: try site.folder.read(path), as: UTF8.self)
        let old = text.replacing(/\{"inputs":(?<names>\[[^\]]*\]),"recipe":"gzip-1-v3"\}/) {
            $0.names
        }
        #expect(old != text)
        try site.folder.write(path, old)
        #expect(try lines(site) == before)
        #expect(try recipes(site) == ["zoo/hello:1": [nil]])
    }

    /// Nothing that is served depends on what a file is called, or on the memory.
    @Test func onlyForTheList() throws {
        let site = try BuiltSite([one])
        let other = try BuiltSite()
        let renamed = try other.folder.write("x.tar", try Fixture.bytes("docker20-one.tar"))
        try other.build([renamed])
        #expect(Tree.differences(try site.published(), try other.published()) == [])
        try site.folder.write("site/.regstatic/inputs.json", "rubbish")
        #expect(try lines(site) == ["zoo/hello:1: "])
        #expect(try site.verify().faults == [])
        try other.build([site.path])
    }
}
