// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Inputs
import OCI
import SiteTestSupport
import SiteModel
import TestSupport
import Testing

/// OCI layouts in folders: the storage of zot or olareg, a Zarf package, a collection of layouts.
@Suite struct LayoutsBelowTests {
    private let one = SyntheticImage.small
    private let two = SyntheticImage(layers: [SyntheticImage.layer("a", "two")])

    /// A layout as a registry program keeps it, with only a tag, or without a name.
    private func repository(_ folder: String, _ image: SyntheticImage, tag: String?) -> [TarMember]
    {
        let manifest = image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        var descriptor = SyntheticImage.descriptor(manifest, .ociManifest)
        descriptor.annotations = tag.map { [.init(AnnotationKey.refName, .string($0))] } ?? []
        let layout = image.layout(nil)
            .changing("index.json") { _ in
                Manifest.index([descriptor]).bytes
            }
        return layout.map { $0.wrapped(in: folder) }
    }

    private func names(_ reading: Reading) -> [String] {
        reading.images.flatMap { $0.names.map(\.text) }.sorted()
    }

    @Test(arguments: [Way.file, .pipe, .folder]) func storageOfARegistry(_ way: Way) throws {
        let members =
            repository("team/app", one, tag: "1") + repository("team/app/sub", two, tag: "2")
            + repository("tools", two, tag: nil)
        let reading = try way.read(members)
        #expect(reading.faults.isEmpty)
        #expect(names(reading) == ["served team/app/sub:2", "served team/app:1", "served tools"])
        #expect(reading.images.allSatisfy { !$0.isMade })
        #expect(reading.outcome.skipped.isEmpty)
        #expect(try reading.staged == [])
    }

    /// The only wrapping folder may be a part of all names.
    @Test(arguments: [Way.file, .pipe, .folder]) func oneOrganization(_ way: Way) throws {
        let members = repository("team/a", one, tag: "1") + repository("team/b", two, tag: "1")
        #expect(try names(way.read(members)) == ["served team/a:1", "served team/b:1"])
    }

    /// zot's database shows where the names begin.
    @Test(arguments: [Way.file, .pipe, .folder, .wrapped]) func databases(_ way: Way) throws {
        let members =
            repository("zot/team/a", one, tag: "1")
            + [.file("zot/cache.db", "x"), .file("zot/_trivy/db/trivy.db", "y")]
        let reading = try way.read(members)
        #expect(names(reading) == ["served team/a:1"])
        #expect(reading.outcome.skipped.isEmpty)
    }

    /// zot stores a blob once, and links it into all repositories; it also keeps empty ones, and
    /// unfinished copies.
    @Test func linksBetweenRepositories() throws {
        let layer = Digest(of: Packed.gzip(one.layers[0])).blobPath
        var members = repository("a", one, tag: "1") + repository("b", one, tag: "2")
        members = members.map { member in
            member.name == "b/\(layer)" ? .hardLink("b/\(layer)", to: "a/\(layer)") : member
        }
        members += repository("a/.sync/123/a", two, tag: "3")
        members += [
            .file("empty/index.json", Manifest.index([]).bytes),
            .file("empty/oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#),
        ]
        let reading = try Reading(members)
        #expect(reading.faults.isEmpty)
        #expect(names(reading) == ["served a:1", "served b:2"])
    }

    /// Children of an index are images of their own only if the index isn't there.
    @Test func childrenOfAnIndex() throws {
        let manifest = one.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let child = SyntheticImage.descriptor(manifest, .ociManifest)
        let index = Manifest.index([child]).bytes
        var root = SyntheticImage.descriptor(index, .ociIndex)
        root.annotations = [.init(AnnotationKey.refName, .string("1"))]
        let list = Manifest.index([child, root]).bytes
        let members =
            one.layout(nil).changing("index.json") { _ in list }
            + [.file(Digest(of: index).blobPath, index)]
        let reading = try Reading(members.map { $0.wrapped(in: "a") } + [.file("cache.db", "x")])
        #expect(names(reading) == ["served a:1"])
    }

    @Test(arguments: Way.allCases) func package(_ way: Way) throws {
        let layout = one.layout("registry.corp/team/app:1").map { $0.wrapped(in: "images") }
        let others: [TarMember] = [
            .file("zarf.yaml", "kind: ZarfPackageConfig"), .file("components/a.tar", "x"),
        ]
        let reading = try way.read(layout + others)
        #expect(reading.faults.isEmpty)
        #expect(names(reading) == ["registry.corp/team/app:1"])
        #expect(reading.outcome.skipped.files.count == 2)
        #expect(reading.outcome.skipped.files.first?.hasSuffix("components/a.tar") == true)
    }

    /// The folder of a package is no repository.
    @Test func tagInAPackage() throws {
        let members = repository("images", one, tag: "1") + [.file("zarf.yaml", "x")]
        #expect(try names(Reading(members)) == ["tag 1"])
    }

    @Test(arguments: [Way.file, .folder]) func oneBadLayout(_ way: Way) throws {
        var members = repository("a", one, tag: "1") + repository("b", two, tag: "1")
        let layer = Digest(of: Packed.gzip(two.layers[0])).blobPath
        members = members.without("b/\(layer)")
        members += [.file("c/index.json", "not JSON"), .file("c/oci-layout", "{}")]
        let reading = try way.read(members)
        #expect(names(reading) == ["served a:1"])
        let places = reading.outcome.errors.compactMap(\.image).sorted()
        #expect(places.count == 2 && places[0].hasPrefix("b: ") && places[1] == "c", "\(places)")
    }

    @Test func linkBesideLayouts() throws {
        let scratch = try TemporaryFolder()
        for member in repository("a", one, tag: "1") + repository("c", two, tag: "1") {
            try scratch.write(member.name, member.fileContent ?? [])
        }
        try scratch.makeLink("b", to: "/elsewhere")
        try scratch.write("notes/readme.txt", "x")
        try scratch.makeLink("notes/latest", to: "readme.txt")
        let reading = try Reading(scratch.path)
        #expect(names(reading) == ["served a:1", "served c:1"])
        let fault = SourceFault.archive(.link("b"), member: "b")
        #expect(reading.faults.map { "\($0)" } == ["\(fault)"])
    }
}
