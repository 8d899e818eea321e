// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import Publishing
import SiteModel
import Site
import SiteTestSupport
import Testing

/// Folders for hosts that take headers from a file.
@Suite struct StaticHostTests {
    private func publication(
        _ names: [String],
        _ change: (inout SiteBuild.Options) -> Void = { _ in }
    ) throws -> Publication {
        let site = try BuiltSite()
        try site.build(names.map(Fixture.path), change)
        return try Samples.publication(site, as: .objects)
    }

    private func headers(_ publication: Publication) throws -> String {
        let object = try #require(publication.objects.first { $0.key == "_headers" })
        guard case .bytes(let bytes) = object.content else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Several types in one repository are no matter where each path has a rule.
    @Test func netlify() throws {
        let publication = try publication(["docker20-many.tar"])
        let hosted = try publication.hosted(by: .netlify)
        #expect(Golden.difference("headers-netlify.txt", try headers(hosted)) == nil)
    }

    @Test func cloudflarePages() throws {
        let hosted = try publication(["docker20-one.tar"]).hosted(by: .cloudflarePages)
        let text = try headers(hosted)
        #expect(Golden.difference("headers-cloudflare-pages.txt", text) == nil)
    }

    @Test(arguments: StaticHost.allCases)
    func everyFileOfTheAPIIsThere(_ host: StaticHost) throws {
        let publication = try publication(["docker20-one.tar"])
        let hosted = try publication.hosted(by: host)
        let added: Set<String> = ["_headers", "404.html"]
        let wanted = Set(publication.objects.map(\.key)).subtracting(["v2/"]).union(added)
        #expect(Set(hosted.objects.map(\.key)) == wanted)
        #expect(hosted.form == .files)
        #expect(hosted.objects.contains { $0.key == "v2/index.html" })
    }

    // MARK: Limits

    @Test func severalTypesInARepositoryAreRefused() throws {
        let publication = try publication(["docker28ctr-one.tar", "oci-referrers"]) {
            $0.given = [GivenName("zoo/hello")].compactMap(\.self)
            $0.replace = true
        }
        #expect(throws: StaticHost.Limit.mixedTypes(folder: "v2/zoo/hello/manifests")) {
            try publication.hosted(by: .cloudflarePages)
        }
    }

    @Test func aTagLikeAPageIsRefused() throws {
        let site = try BuiltSite()
        let image = SyntheticImage.small.dockerArchive(["tool:1.0.html"])
        try site.build([try site.archive("a.tar", image)])
        let publication = try Samples.publication(site, as: .objects)
        #expect(throws: StaticHost.Limit.page(key: "v2/library/tool/manifests/1.0.html")) {
            try publication.hosted(by: .cloudflarePages)
        }
        #expect(throws: Never.self) { try publication.hosted(by: .netlify) }
    }

    @Test func aLargeFileIsRefused() throws {
        let layer = [UInt8](repeating: 0, count: 26 << 20)
        let site = try BuiltSite()
        let image = SyntheticImage(layers: [layer])
        try site.build([try site.archive("a.tar", image.dockerArchive(["a/b:1"]))]) {
            $0.recipe = Recipe(.none) ?? .standard
        }
        let publication = try Samples.publication(site, as: .objects)
        let error = #expect(throws: StaticHost.Limit.self) {
            try publication.hosted(by: .cloudflarePages)
        }
        guard case .fileSize(let key, let size, 25 << 20) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(key.hasPrefix("v2/a/b/blobs/sha256:"))
        #expect(size == 26 << 20)
    }

    /// Beyond a hundred repositories one rule has to do for all.
    @Test func manyRepositoriesShareARule() throws {
        let site = try BuiltSite()
        let names = (0..<120).map { "team/app\($0):1" }
        try site.build([try site.archive("a.tar", SyntheticImage.small.dockerArchive(names))])
        let hosted = try Samples.publication(site, as: .objects).hosted(by: .cloudflarePages)
        #expect(
            try headers(hosted) == """
                /v2/*
                  Docker-Distribution-Api-Version: registry/2.0
                  Content-Type: application/vnd.oci.image.manifest.v1+json

                """
        )
        let other = try site.archive(
            "b.tar",
            SyntheticImage(layers: []).dockerArchive(["other:1"])
        )
        try site.build([other]) { $0.manifestKind = .dockerManifest }
        let mixed = try Samples.publication(site, as: .objects)
        #expect(throws: StaticHost.Limit.rules(count: 123, limit: 100)) {
            try mixed.hosted(by: .cloudflarePages)
        }
    }
}
