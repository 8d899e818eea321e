// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Publishing
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// What a remote has to hold.
@Suite struct PublicationTests {
    @Test(arguments: [RemoteForm.objects, .files])
    func rendering(_ form: RemoteForm) throws {
        let publication = try Samples.publication(try Samples.site(), as: form)
        let name = "publication-\(form.rawValue).txt"
        #expect(Golden.difference(name, publication.text) == nil)
    }

    /// A remote can't tell from which layout a site came.
    @Test func layoutsGiveTheSame() throws {
        let inputs = ["docker20-many.tar", "docker28ctr-multiarch-attested.tar"].map(Fixture.path)
        let texts = try SiteLayout.allCases.map { layout in
            let site = try BuiltSite()
            try site.build(inputs, layout: layout)
            return try Samples.publication(site, as: .objects).text
        }
        #expect(Set(texts).count == 1)
        #expect(texts[0].contains("v2/zoo/hello/manifests/2"))
    }

    /// Every URL of the API, with the type that a server would give it, and the root.
    @Test func bucketHasWhatServersHave() throws {
        let site = try Samples.site()
        let folder = try SiteFolder.forReading(site.path)
        let plan = SitePlan(SiteContents(folder.index, try folder.graph()))
        let publication = Publication(urlsOf: plan)
        let objects = Dictionary(uniqueKeysWithValues: publication.objects.map { ($0.key, $0) })
        for resource in plan.resources {
            let object = try #require(objects[resource.path])
            #expect(object.label.mediaType == resource.mediaType)
            guard case .bytes(let bytes) = object.content else { continue }
            #expect(Digest(of: bytes) == resource.digest)
        }
        #expect(objects.count == plan.resources.count + 1)
        #expect(objects["v2/"]?.size == 2)
    }

    /// A signature goes with the index.json that it covers, after it, and with no other one.
    @Test func theSignatureOfTheIndexIsSent() throws {
        let site = try Samples.site()
        let folder = try SiteFolder.forReading(site.path)
        var index = folder.index
        index.layout = .portable
        let plan = SitePlan(SiteContents(index, try folder.graph()))
        func keys(_ signature: FileContent?) -> [String] {
            Publication(filesOf: plan, index, derived: [], signature: signature).objects.map(\.key)
        }
        let publication = Publication(filesOf: plan, index, derived: [])
        let sent = publication.objects.first { $0.key == SiteIndex.path }
        guard case .bytes(let bytes)? = sent?.content else {
            Issue.record("no index.json")
            return
        }
        let path = SignaturePath.of(Digest(of: bytes))
        let signed = keys(FileContent(path, [1]))
        #expect(signed.filter { $0 != path } == keys(nil))
        let order = [SiteIndex.path, path].map { signed.firstIndex(of: $0) ?? -1 }
        #expect(order[0] >= 0 && order[0] < order[1])
        #expect(keys(FileContent(SignaturePath.of(Digest(of: [])), [1])) == keys(nil))
    }

    /// The files of a portable site are those that a build writes.
    @Test func filesAreAPortableSite() throws {
        let inputs = ["docker20-many.tar", "docker28ctr-multiarch-attested.tar"].map(Fixture.path)
        let (plain, portable) = (try BuiltSite(inputs), try BuiltSite())
        try portable.build(inputs, layout: .portable)
        let written = try portable.published()
        let publication = try Samples.publication(plain, as: .files)
        for object in publication.objects {
            guard case .file(let bytes, _) = written[object.key] else {
                Issue.record("no file \(object.key)")
                continue
            }
            #expect(bytes.count == object.size)
            if case .bytes(let content) = object.content { #expect(bytes == content) }
        }
        let files = written.filter { if case .file = $0.value { true } else { false } }
        #expect(Set(files.keys) == Set(publication.objects.map(\.key)))
    }

    @Test func whatIsMissingIsLeftOut() throws {
        let publication = try Samples.publication(try Samples.site(), as: .objects)
        let blobs = publication.objects.compactMap { object -> Digest? in
            if case .blob(let digest) = object.content { digest } else { nil }
        }
        let first = try #require(blobs.first)
        let rest = publication.without([first]).objects
        #expect(rest.count == publication.objects.count - blobs.count { $0 == first })
    }
}

extension Publication {
    var text: String {
        objects.map { object in
            let content =
                switch object.content {
                case .blob(let digest): "blob \(digest.hex.prefix(8))"
                case .bytes(let bytes): "bytes \(Digest(of: bytes).hex.prefix(8))"
                }
            let type = "\(object.label.mediaType), \(object.label.cacheControl)"
            return "\(object.phase) \(object.key) \(object.size) \(content) \(type)\n"
        }
        .joined() + stale.map { "stale \($0)\n" }.joined()
    }
}
