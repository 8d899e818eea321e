// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// The tag `sha256-<hex>`, by which clients find referrers where a server has no API for them.
@Suite struct ReferrersTagTests {
    private let image = SyntheticImage.small

    private var subject: Descriptor {
        SyntheticImage.descriptor(Self.manifest(of: image), .ociManifest)
    }

    private var tag: OCI.Tag { OCI.Tag(referrersOf: subject.digest) }

    private static func manifest(of image: SyntheticImage) -> [UInt8] {
        image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
    }

    /// A registry's data: an image with signatures, and the tag that a client made for some of them.
    private func volume(_ signatures: [String], listed: [String] = []) -> SyntheticVolume {
        var volume = SyntheticVolume()
        volume.push(image, "app", tag: "1")
        for signature in signatures {
            volume.sign(subject, signature)
        }
        guard !listed.isEmpty else { return volume }
        let index = Manifest.index(
            listed.map {
                SyntheticImage.descriptor(SyntheticVolume.signature(of: subject, $0), .ociManifest)
            }
        )
        volume.push(index.bytes, "app", tag: tag.description)
        return volume
    }

    private func site(_ volumes: [SyntheticVolume], layout: SiteLayout = .plain) throws -> BuiltSite
    {
        let site = try BuiltSite()
        for (number, volume) in volumes.enumerated() {
            let archive = try site.archive("\(number).tar", volume.members)
            #expect(try site.build([archive], layout: layout).errors.isEmpty)
        }
        return site
    }

    private func plan(_ site: BuiltSite) throws -> SitePlan {
        let folder = try SiteFolder.forReading(site.path)
        return SitePlan(SiteContents(folder.index, try folder.graph()))
    }

    /// Under such a tag, clients look for a list, so no other image gets one.
    @Test func isNoTagForAnImage() throws {
        let site = try site([volume(["a", "b"], listed: ["a", "b"])])
        let before = try site.snapshot()
        let refusal = #expect(throws: TagRefusal.self) {
            try site.tag("app:1", as: ":new", "other:\(tag)")
        }
        #expect(refusal?.reason == .listOfReferrers(tag))
        #expect(Tree.differences(before, try site.snapshot()) == [])
        // The list itself goes along with its image.
        try site.tag("app:1", as: "other:1")
        #expect(try !site.tag("app:\(tag)", as: "other:\(tag)").changes.isEmpty)
        #expect(try site.verify().faults == [])
    }

    /// Another signature makes another list, and the old one isn't served any more.
    @Test(arguments: SiteLayout.allCases)
    func anotherList(_ layout: SiteLayout) throws {
        let site = try site([volume(["a"]), volume(["b"])], layout: layout)
        #expect(try site.verify().faults == [])
        _ = try site.build([site.archive("c.tar", volume(["a", "b"], listed: ["a", "b"]).members)])
        #expect(try site.verify().faults == [])
    }

    @Test func isTheListOfTheAPI() throws {
        let site = try site([volume(["a", "b"])])
        let tagged = try site.folder.read("site/v2/app/manifests/\(tag)")
        #expect(tagged == (try site.folder.read("site/v2/app/referrers/\(subject.digest)")))
        let digest = Digest(of: tagged)
        #expect(tagged == (try site.folder.read("site/v2/app/manifests/\(digest)")))
        let resources = try plan(site).resources.filter(\.isFallback)
        #expect(resources.allSatisfy { $0.mediaType == ManifestKind.ociIndex.mediaType })
        #expect(
            Set(resources.map(\.path)) == [
                "v2/app/manifests/\(tag)", "v2/app/manifests/\(digest)",
                "v2/library/app/manifests/\(tag)", "v2/library/app/manifests/\(digest)",
            ]
        )
        #expect(try site.verify().faults.isEmpty)
        #expect(try site.verify().unreferenced.isEmpty)
    }

    /// It is part of the API, not one of the repository's tags.
    @Test func isNotListed() throws {
        let site = try site([volume(["a"])])
        let list = try JSON(parsing: try site.folder.read("site/v2/app/tags/list"))
        #expect(list["tags"]?.array?.compactMap(\.string) == ["1"])
        #expect(try site.index.entries.compactMap(\.tag?.description) == ["1"])
    }

    @Test func portable() throws {
        let site = try site([volume(["a"])], layout: .portable)
        let bytes = try site.folder.read("site/v2/app/manifests/_\(tag).oci-index")
        #expect(
            try site.folder.read("site/manifests/sha256/\(Digest(of: bytes).hex).oci-index")
                == bytes
        )
        #expect(try site.verify().faults.isEmpty)
    }

    /// The registry's digest stays as long as its list is whole.
    @Test func aClientsTagStays() throws {
        let volume = volume(["a", "b"], listed: ["b", "a"])
        let site = try site([volume])
        let name = try #require(RepositoryName("app"))
        let digest = try #require(try site.index.manifest(name, tag)).digest
        #expect(volume.members.content(SyntheticVolume.blobPath(digest)) != nil)
        #expect(Digest(of: try site.folder.read("site/v2/app/manifests/\(tag)")) == digest)
        #expect(try plan(site).resources.filter(\.isFallback).isEmpty)
    }

    /// A list that lacks what another input brings is drawn anew.
    @Test func aClientsTagThatIsShort() throws {
        let site = try site([volume(["a"], listed: ["a"]), volume(["b"])])
        #expect(try site.index.entries.compactMap(\.tag?.description) == ["1"])
        let tagged = try site.folder.read("site/v2/app/manifests/\(tag)")
        #expect(try JSON(parsing: tagged)["manifests"]?.array?.count == 2)
        let turned = try self.site([volume(["b"]), volume(["a"], listed: ["a"])])
        let without = try self.site([volume(["b"]), volume(["a"])])
        for other in [turned, without] {
            #expect(try site.index.entries == other.index.entries)
            #expect(try plan(site).resources.map(\.digest) == plan(other).resources.map(\.digest))
        }
        #expect(try site.verify().faults == [])
    }

    @Test func whatIsDrawnAnewIsReported() throws {
        let site = try BuiltSite()
        let archives = [volume(["a"], listed: ["a"]), volume(["b"])].enumerated()
            .map { try? site.archive("\($0).tar", $1.members) }
        let outcome = try site.build(archives.compactMap(\.self))
        #expect(outcome.renderedAgain.map(\.tag) == [tag])
        #expect(!outcome.changes.contains { $0.entry.tag == tag })
    }

    /// A tag of that form may name what it likes.
    @Test func anImageUnderItsNameStays() throws {
        var volume = volume(["a"])
        let other = SyntheticImage(layers: [])
        let digest = volume.push(other, "app", tag: tag.description)
        let site = try site([volume])
        #expect(try site.index.manifest(#require(RepositoryName("app")), tag)?.digest == digest)
        let tagged = try site.folder.read("site/v2/app/manifests/\(tag)")
        #expect(Digest(of: tagged) == digest)
        #expect(try plan(site).resources.filter(\.isFallback).isEmpty)
        #expect(try site.verify().faults.isEmpty)
    }

    /// A list of which a part is gone isn't replaced by a shorter one.
    @Test func aListWithGapsStays() throws {
        var volume = volume(["a"])
        let absent = SyntheticImage.descriptor(Array("gone".utf8), .ociManifest)
        let signature = SyntheticVolume.signature(of: subject, "a")
        let index = Manifest.index([SyntheticImage.descriptor(signature, .ociManifest), absent])
        let digest = volume.push(index.bytes, "app", tag: tag.description)
        let site = try site([volume])
        #expect(try site.index.manifest(#require(RepositoryName("app")), tag)?.digest == digest)
    }

    /// With the image go its signatures and their tag.
    @Test(arguments: [[], ["a"]]) func goesWithItsImage(_ listed: [String]) throws {
        let site = try site([volume(["a"], listed: listed)])
        let upkeep = { try site.pruner() }
        _ = try upkeep().remove([try #require(SiteReference("app:1"))])
        #expect(site.folder.exists("site/v2/app/manifests/\(tag)"))
        _ = try upkeep().prune(waiting: false).removed
        #expect(!site.folder.exists("site/v2/app"))
        #expect(try site.folder.snapshot("site/manifests/sha256").isEmpty)
    }

    /// Whoever reads the list by its digest meanwhile still finds what it leads to.
    @Test(arguments: SiteLayout.allCases)
    func isRemovedBeforeWhatItLists(_ layout: SiteLayout) throws {
        let site = try site([volume(["a", "b", "c"])], layout: layout)
        let folder = try SiteFolder.forReading(site.path)
        let contents = SiteContents(folder.index, try folder.graph())
        let plan = SitePlan(contents)
        let paths = RemovalOrder(contents.graph).sorted(try site.published().keys.sorted())
        let list = try #require(plan.resources.first { $0.isFallback && $0.part == .manifest })
        let listed = contents.graph.nodes.values.filter { $0.manifest.subject != nil }
        try #require(listed.count == 3)
        func places(_ digest: Digest, from: String) -> [Int] {
            paths.indices.filter { paths[$0].hasPrefix(from) && paths[$0].contains(digest.hex) }
        }
        for start in ["manifests/", "v2/app/manifests/sha256:"] {
            guard let last = places(list.digest, from: start).last else { continue }
            for node in listed {
                #expect(places(node.descriptor.digest, from: start).allSatisfy { $0 > last })
            }
        }
        #expect(!places(list.digest, from: "manifests/").isEmpty)
    }
}

extension SyntheticVolume {
    /// An artifact that refers to an image.
    fileprivate static func signature(of subject: Descriptor, _ text: String) -> [UInt8] {
        let empty = Descriptor(mediaType: .json, digest: Digest(of: Array("{}".utf8)), size: 2)
        return
            JSON.object([
                "schemaVersion": .integer(2),
                "mediaType": .string(ManifestKind.ociManifest.mediaType.description),
                "artifactType": .string("application/vnd.example.\(text)"), "config": empty.json,
                "layers": .array([]), "subject": subject.json,
            ])
            .canonicalBytes
    }

    fileprivate mutating func sign(_ subject: Descriptor, _ text: String) {
        add(Array("{}".utf8))
        push(Self.signature(of: subject, text), "app")
    }
}
