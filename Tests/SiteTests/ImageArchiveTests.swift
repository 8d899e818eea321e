// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Store
import TestSupport
import Testing

/// Archives that a site's images leave it by.
@Suite struct ImageArchiveTests {
    private let site: BuiltSite

    init() throws {
        let inputs = ["docker20-many.tar", "docker28ctr-multiarch-attested.tar", "oci-artifact"]
        site = try BuiltSite()
        try site.build(inputs.map(Fixture.path)) { options in
            options.given = ["\(Fixture.path("oci-artifact"))=charts/demo"]
                .compactMap { GivenName($0) }
        }
    }

    private func archive(_ names: [String], platform: Platform? = nil) throws -> ImageArchive {
        let folder = try SiteFolder.forReading(site.path)
        let references = try names.map { try #require(SiteReference($0)) }
        return try ImageArchive(
            try references.map { try folder.index.entry($0) },
            platform: platform,
            try folder.graph()
        )
    }

    /// The bytes of an archive, as the command writes them.
    private func written(_ archive: ImageArchive) throws -> [UInt8] {
        let folder = try SiteFolder.forReading(site.path)
        let path = site.folder["out.tar"]
        let size = try ImageArchiveWriter(folder.store, NoProgress())
            .write(archive, to: try OutputFile(path: path))
        let bytes = try site.folder.read("out.tar")
        #expect(bytes.count == size)
        return bytes
    }

    private func names(_ members: [TarMember]) -> [String] { members.map(\.name) }

    /// What leaves comes back the same: manifests, configs, layers, names.
    @Test(arguments: ["zoo/hello:2", "zoo/multi:1", "acme/tool:1.0.html"])
    func roundTrip(_ name: String) throws {
        let bytes = try written(try archive([name]))
        let back = try BuiltSite()
        try back.build([try back.folder.write("back.tar", bytes)])
        let reference = try #require(SiteReference(name))
        #expect(try back.index.entry(reference) == site.index.entry(reference))
        #expect(try back.verify().faults == [])
    }

    /// Two manifests of one config, as two encodings of the same layers give: each keeps its name.
    @Test func manifestsThatShareAConfig() throws {
        for (tag, level) in [("app:1", 1), ("app:2", 3)] {
            let members = SyntheticImage.small.dockerArchive([tag])
            let path = try site.folder.write("\(level).tar", TarBuilder.tar(members))
            let recipe = try #require(Recipe(.gzip, level: level))
            try site.build([path]) { $0.recipe = recipe }
        }
        let entries = try site.index.entries.filter { $0.repository.description == "app" }
        #expect(Set(entries.map(\.manifest.digest)).count == 2)
        let bytes = try written(try archive(["app:1", "app:2"]))
        let back = try BuiltSite()
        try back.build([try back.folder.write("back.tar", bytes)])
        #expect(try back.index.entries == entries)
    }

    @Test func sameImagesSameBytes() throws {
        let names = ["zoo/hello:2", "zoo/multi:1"]
        let first = try written(try archive(names))
        #expect(try written(try archive(names)) == first)
        let other = try BuiltSite([Fixture.path("docker28ctr-multiarch-attested.tar")])
        try other.build([Fixture.path("docker20-many.tar")])
        let folder = try SiteFolder.forReading(other.path)
        let references = names.compactMap { SiteReference($0) }
        let archive = try ImageArchive(
            try references.map { try folder.index.entry($0) },
            platform: nil,
            try folder.graph()
        )
        #expect(try written(archive) == first)
    }

    @Test func dockersList() throws {
        let archive = try archive(["zoo/multi:1"])
        let members = TarMember.all(in: try written(archive))
        let list = try JSON(parsing: try #require(members.content("manifest.json")))
        let image = try #require(list.array?.first)
        #expect(list.array?.count == 1)
        #expect(image["RepoTags"]?.array?.map(\.string) == ["docker.io/zoo/multi:1"])
        let config = try #require(image["Config"]?.string.flatMap { members.content($0) })
        #expect(try JSON(parsing: config)["architecture"]?.string == "amd64")
        for layer in image["Layers"]?.array ?? [] {
            #expect(names(members).contains(try #require(layer.string)))
        }
        #expect(archive.choices.map(\.platform.description) == ["linux/amd64"])
        #expect(archive.choices.map { $0.others.map(\.description) } == [["linux/arm64"]])
    }

    @Test func onePlatform() throws {
        let arm = try #require(Platform("linux/arm64"))
        let archive = try archive(["zoo/multi:1"], platform: arm)
        #expect(archive.choices.isEmpty)
        let members = TarMember.all(in: try written(archive))
        let index = try JSON(parsing: try #require(members.content("index.json")))
        let root = try #require(index["manifests"]?.array?.first.flatMap(Descriptor.init))
        #expect(ManifestKind(root.mediaType)?.isIndex == false)
        let whole = try self.archive(["zoo/multi:1"])
        #expect(archive.members.count < whole.members.count)
    }

    @Test func missingPlatform() throws {
        let platform = try #require(Platform("linux/s390x"))
        #expect(throws: LookupError.self) { try archive(["zoo/multi:1"], platform: platform) }
        #expect(throws: LookupError.self) { try archive(["charts/demo"], platform: platform) }
    }

    @Test func missingImage() {
        for name in ["zoo/hello:99", "nobody:1", "zoo/hello", "zoo/hello@\(Digest(of: []))"] {
            #expect(throws: LookupError.self) { try archive([name]) }
        }
    }

    /// `docker load` would look for each layer that its list names.
    @Test func absentForeignLayer() throws {
        let members = try SyntheticImage.small.foreignLayout("windows:1")
        try site.build([try site.archive("windows.tar", members)])
        let archive = try archive(["windows:1", "zoo/hello:2"])
        #expect(archive.incomplete == ["windows:1"])
        let written = TarMember.all(in: try written(archive))
        let list = try JSON(parsing: try #require(written.content("manifest.json")))
        #expect(
            list.array?.map { $0["RepoTags"]?.array?.first?.string } == [
                "docker.io/zoo/hello:2"
            ]
        )
        for layer in list.array?.first?["Layers"]?.array ?? [] {
            #expect(names(written).contains(try #require(layer.string)))
        }
        let index = try JSON(parsing: try #require(written.content("index.json")))
        #expect(index["manifests"]?.array?.count == 2)
    }

    /// An artifact runs nowhere: engines have nothing to load, layout readers do.
    @Test func artifact() throws {
        let members = TarMember.all(in: try written(try archive(["charts/demo"])))
        #expect(members.content("manifest.json") == nil)
        #expect(members.content("index.json") != nil)
    }

    @Test func damagedBlob() throws {
        let archive = try archive(["zoo/hello:2"])
        let layer = try #require(archive.members.last)
        try site.folder.write(
            "site/\(layer.path)",
            try site.folder.read("site/\(layer.path)").map { $0 ^ 1 }
        )
        #expect(throws: BlobError.self) { try written(archive) }
        #expect(try site.folder.snapshot().keys.filter { $0.contains("out.tar") } == [])
    }
}

/// Names of images as users write them.
@Suite struct SiteReferenceTests {
    @Test(arguments: [
        ("app:1", "app:1"), ("library/app:1", "app:1"), ("team/app", "team/app"),
        ("team/app:1.0.html", "team/app:1.0.html"),
        (
            "a@sha256:\(String(repeating: "0", count: 64))",
            "a@sha256:\(String(repeating: "0", count: 64))"
        ),
    ])
    func valid(_ text: String, _ expected: String) {
        #expect(SiteReference(text)?.description == expected)
    }

    @Test(arguments: ["", ":1", "App:1", "a:", "a@sha256:12", "a b", "../a", "a:b:c"])
    func invalid(_ text: String) {
        #expect(SiteReference(text) == nil)
    }
}
