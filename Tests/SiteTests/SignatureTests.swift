// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// The files of signatures in a site, whose content doesn't matter here.
@Suite struct SignatureTests {
    private let site: BuiltSite
    private static let input = Fixture.path("docker28-one.tar")
    private static let other = Fixture.path("crane0.20.tar")

    init() throws { site = try BuiltSite([Self.input]) }

    private func sign() throws {
        try SiteFolder.forWriting(site.path, creating: false).keep(Array("signature".utf8))
    }

    /// The names in `signatures/`.
    private var names: [String] {
        get throws {
            try site.snapshot().keys.filter { $0.hasPrefix("signatures/") }
                .map { String($0.dropFirst("signatures/".count)) }.sorted()
        }
    }

    private var digest: Digest {
        get throws { Digest(of: try site.folder.read("site/index.json")) }
    }

    @Test func theNameIsTheDigestOfTheIndex() throws {
        try sign()
        #expect(try names == ["\(try digest.hex).sig"])
        let signed = try SiteFolder.forReading(site.path).signedIndex()
        #expect(signed.bytes == (try site.folder.read("site/index.json")))
        #expect(signed.signature == Array("signature".utf8))
        let report = try site.verify()
        #expect(report.faults == [])
        #expect(report.unreferenced == [])
    }

    @Test func aRunThatChangesNothingKeepsIt() throws {
        try sign()
        let before = try names
        let outcome = try site.build([Self.input])
        #expect(!outcome.written.isSignatureRemoved)
        #expect(try names == before)
        let pruned = try site.pruner().prune(waiting: false)
        #expect(!pruned.written.isSignatureRemoved)
        #expect(try names == before)
    }

    @Test(arguments: SiteLayout.allCases) func aChangeRemovesIt(_ layout: SiteLayout) throws {
        let site = try BuiltSite()
        try site.build([Self.input], layout: layout)
        try SiteFolder.forWriting(site.path, creating: false).keep([1])
        let outcome = try site.build([Self.other])
        #expect(outcome.written.isSignatureRemoved)
        #expect(!site.folder.exists("site/signatures"))
        #expect(outcome.repaired == 0)
        // The next change has nothing to report.
        #expect(try !site.build([Fixture.path("docker20-one.tar")]).written.isSignatureRemoved)
    }

    @Test func removingATagRemovesIt() throws {
        try sign()
        let name = try #require(SiteReference("zoo/hello:1"))
        #expect(try site.pruner().remove([name]).written.isSignatureRemoved)
        #expect(try names == [])
    }

    /// A repair gives the site the bytes that were signed.
    @Test func aRepairKeepsIt() throws {
        try sign()
        try site.folder.write("site/content-types.json", "damaged")
        let pruned = try site.pruner().prune(waiting: false)
        #expect(pruned.written.repaired == 1)
        #expect(!pruned.written.isSignatureRemoved)
        #expect(try names == ["\(try digest.hex).sig"])
    }

    /// The old signature must not go before the old index.json does.
    @Test func theCommitPointComesFirst() throws {
        let steps = SiteStep.allCases
        let index = try #require(steps.firstIndex(of: .index))
        let signatures = try #require(steps.firstIndex(of: .staleSignatures))
        #expect(index < signatures)
    }

    /// A signature of another version stays if a run is killed after the commit point.
    @Test func theNextRunRemovesOtherSignatures() throws {
        try sign()
        let other = String(repeating: "0", count: 64) + ".sig"
        try site.folder.write("site/signatures/\(other)", "old")
        try site.folder.write("site/signatures/notes.txt", "of the user")
        let report = try site.verify()
        #expect(report.faults == [])
        #expect(report.unreferenced == ["signatures/\(other)", "signatures/notes.txt"])
        let pruned = try site.pruner().prune(waiting: false)
        #expect(!pruned.written.isSignatureRemoved)
        #expect(pruned.written.repaired == 0)
        #expect(try names == ["\(try digest.hex).sig", "notes.txt"])
    }

    /// What `prune` would remove is what it removes.
    @Test(arguments: [false, true]) func pruningListsSignatures(_ isChanged: Bool) throws {
        try sign()
        let other = "signatures/\(String(repeating: "0", count: 64)).sig"
        if isChanged {
            _ = try site.pruner().remove([try #require(SiteReference("zoo/hello:1"))])
            try sign()
        }
        try site.folder.write("site/\(other)", "old")
        let current = "signatures/\(try digest.hex).sig"
        let listed = try site.pruner().unreferenced(waiting: false)
        #expect(listed.signatures == (isChanged ? [other, current].sorted() : [other]))
        #expect(listed.removesSignature == isChanged)
        #expect(!listed.isEmpty)
        let pruned = try site.pruner().prune(waiting: false)
        #expect(pruned.removed.signatures == listed.signatures)
        #expect(pruned.written.isSignatureRemoved == isChanged)
        #expect(pruned.written.repaired == 0)
        #expect(!site.folder.exists("site/\(other)"))
        #expect(site.folder.exists("site/\(current)") == !isChanged)
        #expect(try site.pruner().unreferenced(waiting: false).isEmpty)
    }

    @Test func signingAgainReplacesTheSignature() throws {
        try sign()
        try site.folder.write("site/signatures/\(String(repeating: "0", count: 64)).sig", "old")
        try SiteFolder.forWriting(site.path, creating: false).keep(Array("new".utf8))
        #expect(try names == ["\(try digest.hex).sig"])
        #expect(try site.folder.text("site/signatures/\(try names[0])") == "new")
    }

    @Test func linksAreNotFollowed() throws {
        try sign()
        let path = "signatures/\(try names[0])"
        try site.folder.remove("site/\(path)")
        try site.folder.write("elsewhere", "signature")
        try site.folder.makeLink("site/\(path)", to: site.folder["elsewhere"])
        #expect(try site.verify().faults == [.link(path: path)])
        #expect(try SiteFolder.forReading(site.path).signedIndex().signature == nil)
        try site.folder.remove("site/signatures")
        try site.folder.makeFolder("signatures")
        try site.folder.makeLink("site/signatures", to: site.folder["signatures"])
        #expect(try site.verify(allowingLinks: true).faults == [.link(path: "signatures")])
        #expect(throws: SiteDamage.self) { try SiteFolder.forReading(site.path) }
    }

    @Test(arguments: [
        "signatures/\(String(repeating: "a", count: 64)).sig",
        "signatures/\(String(repeating: "0", count: 64)).sig",
    ])
    func pathsOfSignatures(_ path: String) {
        #expect(SignaturePath.isSignature(path))
        for other in [
            String(path.dropLast()), "x" + path, path + "x", path.uppercased(),
            path.replacing("/", with: "/x/"), path.replacing(".sig", with: "a.sig"),
            "signatures/.sig", "signatures/",
        ] {
            #expect(!SignaturePath.isSignature(other), "\(other)")
        }
    }
}
