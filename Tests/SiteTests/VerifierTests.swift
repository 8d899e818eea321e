// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import Servers
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// Each kind of damage is found, and told as what it is.
@Suite struct VerifierTests {
    static let inputs = [
        "docker20-one.tar", "buildx-docker-amd64.tar", "buildx-docker-arm64.tar",
        "oci-referrers", "docker28ctr-sparse.tar",
    ]
    .map(Fixture.path)

    private func site() throws -> BuiltSite {
        let site = try BuiltSite()
        try site.build(Self.inputs, servers: Nginx.files(.plain)) {
            $0.given = [GivenName("zoo/refs")].compactMap(\.self)
        }
        return site
    }

    private func report(_ site: BuiltSite) throws -> SiteVerifier.Report {
        try site.verify()
    }

    private func digest(_ site: BuiltSite, _ name: String) throws -> Digest {
        let entry = try #require(try site.index.entries.first { $0.name == name })
        return entry.manifest.digest
    }

    /// The largest blob of the site, which is a layer.
    private func layer(_ site: BuiltSite) throws -> (digest: Digest, bytes: [UInt8]) {
        var largest: (String, [UInt8]) = ("", [])
        for (path, entry) in try site.published() where path.hasPrefix("blobs/") {
            guard case .file(let bytes, _) = entry else { continue }
            if bytes.count > largest.1.count { largest = (path, bytes) }
        }
        return (try #require(Digest(hex: largest.0.suffix(64))), largest.1)
    }

    @Test func clean() throws {
        let report = try report(try site())
        #expect(report.faults == [])
        #expect(report.unreferenced == [])
        #expect(report.absent.count == 2, "the sparse index lacks two attestations")
        #expect(report.blobs > 10)
        #expect(report.bytes > 1000)
    }

    @Test func flippedByte() throws {
        let site = try site()
        var (digest, bytes) = try layer(site)
        bytes[bytes.count / 2] ^= 1
        try site.folder.write("site/\(digest.blobPath)", bytes)
        #expect(
            try report(site).faults == [
                .blob(path: digest.blobPath, reason: .mismatch(found: Digest(of: bytes)))
            ]
        )
    }

    @Test func truncatedBlob() throws {
        let site = try site()
        let (digest, bytes) = try layer(site)
        try site.folder.write("site/\(digest.blobPath)", Array(bytes.dropLast()))
        let found = Digest(of: Array(bytes.dropLast()))
        #expect(
            try report(site).faults == [
                .blob(path: digest.blobPath, reason: .mismatch(found: found))
            ]
        )
    }

    @Test func missingBlob() throws {
        let site = try site()
        let (digest, _) = try layer(site)
        try site.folder.remove("site/\(digest.blobPath)")
        let faults = try report(site).faults
        #expect(!faults.isEmpty)
        for fault in faults {
            guard case .content(digest, _, .missing) = fault else {
                Issue.record("\(fault)")
                continue
            }
        }
    }

    /// The images that can't be pulled, also for a config, which has the same fault.
    @Test func imagesThatNeedABlob() throws {
        let site = try site()
        let index = try site.index
        let digest = try digest(site, "zoo/hello:1")
        let document = try RawDocument(try site.folder.read("site/\(digest.blobPath)"))
        let manifest = try Manifest(document, claimed: ManifestKind.ociManifest.mediaType)
        let names = index.entries.filter { $0.manifest.digest == digest }.map(\.name)
        try #require(names.count > 0)
        let blobs = manifest.blobs.map(\.digest)
        try site.folder.write("site/\(blobs[0].blobPath)", "x")
        try site.folder.remove("site/\(blobs[1].blobPath)")
        let stray = Digest(of: Array("stray".utf8))
        try site.folder.write("site/\(stray.blobPath)", "other")
        let report = try report(site)
        #expect(report.images[blobs[0]] == names)
        #expect(report.images[digest]?.starts(with: names) == true)
        #expect(report.images[stray] == nil)
        #expect(report.faults.compactMap(\.subject).contains(stray))
    }

    @Test func damagedManifest() throws {
        let site = try site()
        let digest = try digest(site, "zoo/hello:1")
        try site.folder.write("site/\(digest.blobPath)", "{}")
        let faults = try report(site).faults
        let found = Digest(of: Array("{}".utf8))
        let damage = ManifestDamage.blob(.mismatch(expected: digest, found: found))
        let images = try site.index.entries.filter { $0.manifest.digest == digest }.map(\.name)
        #expect(faults == [.manifest(digest, damage, images: images)], "one damage is one fault")
    }

    @Test func missingChildOfAnIndex() throws {
        let site = try site()
        let root = try digest(site, "zoo/merge:1")
        let manifest = try Manifest(
            try RawDocument(try site.folder.read("site/\(root.blobPath)")),
            claimed: ManifestKind.ociIndex.mediaType
        )
        try site.folder.remove("site/\(manifest.manifests[0].digest.blobPath)")
        let report = try report(site)
        let child = manifest.manifests[0].digest
        #expect(
            report.faults == [.manifest(child, .lost, images: ["zoo/merge:1"])],
            "one damage is one fault"
        )
        #expect(!report.absent.contains(child), "it was carried, and is lost")
        #expect(report.unreferenced == [], "nobody knows what belonged to it")
    }

    @Test(arguments: ["zoo/hello/manifests/1", "zoo/hello/tags/list", "_catalog", "index.html"])
    func wrongOrMissingPaths(_ name: String) throws {
        let site = try site()
        let path = "v2/\(name)"
        let isLink = try site.published()[path].map { if case .link = $0 { true } else { false } }
        try site.folder.remove("site/\(path)")
        #expect(try report(site).faults == [.tree(path: path, isMissing: true)])
        if isLink == true {
            try site.folder.makeLink("site/\(path)", to: "../../../../index.json")
        } else {
            try site.folder.write("site/\(path)", "other")
        }
        #expect(try report(site).faults == [.tree(path: path)])
    }

    @Test(arguments: ["content-types.json", "servers/nginx/http.conf"])
    func changedFiles(_ path: String) throws {
        let site = try site()
        try site.folder.write("site/\(path)", "other")
        #expect(try report(site).faults == [.tree(path: path)])
    }

    /// Without it the folder is no layout to any other tool.
    @Test func missingLayoutFile() throws {
        let site = try site()
        try site.folder.remove("site/oci-layout")
        let faults = try report(site).faults
        #expect(faults == [.tree(path: "oci-layout", isMissing: true)])
    }

    /// The list of all files is missing, so no file but the list itself is a fault.
    @Test func missingList() throws {
        let site = try site()
        try site.folder.remove("site/SHA256SUMS")
        #expect(try report(site).faults == [.tree(path: "SHA256SUMS", isMissing: true)])
    }

    /// The images that a client can't pull without a tag, a link, or a copy of a manifest.
    @Test func imagesThatNeedAPath() throws {
        let site = try site()
        let manifest = try digest(site, "zoo/hello:1")
        let blob = try #require(
            try site.published().keys.filter { $0.hasPrefix("v2/zoo/hello/blobs/sha256:") }.min()
        )
        func images(without path: String) throws -> [String] {
            let aside = "aside"
            try site.folder.move("site/\(path)", to: aside)
            let report = try report(site)
            #expect(report.faults == [.tree(path: path, isMissing: true)])
            let images = report.images(of: try #require(report.faults.first))
            #expect(report.inputs.isEmpty == images.isEmpty)
            try site.folder.move(aside, to: "site/\(path)")
            return images
        }
        #expect(try images(without: "v2/zoo/hello/manifests/1") == ["zoo/hello:1"])
        let link = "v2/zoo/hello/manifests/\(manifest)"
        #expect(try images(without: link).allSatisfy { $0.hasPrefix("zoo/hello:") })
        let index = try site.index
        let all = index.entries.filter { $0.manifest.digest == manifest }.map(\.name)
        #expect(try images(without: SitePlan.path(manifest, .ociManifest)) == all)
        #expect(try !images(without: blob).isEmpty)
        #expect(try images(without: "v2/zoo/hello/tags/list") == [])
        #expect(try images(without: "v2/_catalog") == [])
    }

    @Test func damagedManifestCopy() throws {
        let site = try site()
        let path = SitePlan.path(try digest(site, "zoo/hello:1"), .ociManifest)
        var bytes = try site.folder.read("site/\(path)")
        bytes[5] ^= 1
        try site.folder.write("site/\(path)", bytes)
        #expect(try report(site).faults == [.tree(path: path)])
    }

    @Test(arguments: [
        "blobs/sha256/\(Sample.digest("stray").hex)",
        "manifests/sha256/\(Sample.digest("stray").hex).oci-index", "v2/zoo/._hello", "notes.txt",
    ])
    func unreferencedFiles(_ path: String) throws {
        let site = try site()
        try site.folder.write("site/\(path)", "stray")
        let report = try report(site)
        #expect(report.unreferenced == [path])
        #expect(report.faults == [])
    }

    /// What a server would answer with, or a build read, must follow from index.json.
    @Test(arguments: [
        "v2/zoo/stray", "v2/zoo/hello/manifests/evil", "v2/new/tags/list", "clients/evil.sh",
        "catalogue/evil.html", "servers/nginx/evil.conf", "manifest.json",
        "manifests/sha256/\(Sample.digest("other").hex).oci-index", "index.html",
        "v2/zoo/hello/referrers/\(Sample.digest("stray"))",
    ])
    func foreignFiles(_ path: String) throws {
        let site = try site()
        try site.folder.write("site/\(path)", "stray")
        #expect(try report(site).faults == [.foreign(path: path)])
    }

    @Test(arguments: ["v2/zoo/link", "clients/link", "servers/link"])
    func foreignLinks(_ path: String) throws {
        let site = try site()
        try site.folder.write("site/clients/a", "x")
        try site.folder.remove("site/clients/a")
        try site.folder.makeLink("site/\(path)", to: "/etc/passwd")
        #expect(try report(site).faults == [.foreign(path: path)])
    }

    /// `sha256sum index.json` speaks for every byte of the site, and for its own.
    @Test(arguments: ["index.json", "SHA256SUMS"])
    func oneByteMore(_ path: String) throws {
        let site = try site()
        try site.folder.write("site/\(path)", try site.folder.read("site/\(path)") + [10])
        #expect(try report(site).faults.contains(.tree(path: path)))
    }

    @Test func aBlobWithoutADigestForAName() throws {
        let site = try site()
        try site.folder.write("site/blobs/sha256/readme", "stray")
        let report = try report(site)
        #expect(report.faults == [.blob(path: "blobs/sha256/readme", reason: .notADigest)])
    }

    /// Something else in a file's place is a fault like any other, not the end of the run.
    @Test(arguments: [false, true]) func somethingElseInABlobsPlace(_ isLink: Bool) throws {
        let site = try site()
        let (digest, _) = try layer(site)
        try site.folder.remove("site/\(digest.blobPath)")
        if isLink {
            try site.folder.makeLink("site/\(digest.blobPath)", to: "../../index.json")
        } else {
            try site.folder.makeFolder("site/\(digest.blobPath)")
        }
        let faults = try report(site).faults
        #expect(!faults.isEmpty)
    }

    @Test func verifyChangesNothing() throws {
        let site = try site()
        let before = try site.snapshot()
        _ = try report(site)
        #expect(Tree.differences(before, try site.snapshot()) == [])
    }
}
