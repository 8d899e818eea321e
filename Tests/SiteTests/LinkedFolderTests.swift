// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Servers
import SiteModel
import Site
import SiteTestSupport
import Store
import Streams
import TestSupport
import Testing

/// A link in the place of one of the site's folders: what is behind it isn't the site's.
@Suite struct LinkedFolderTests {
    static let fixed = [
        "blobs", "blobs/sha256", "manifests", "manifests/sha256", "v2", "servers", "clients",
        "catalogue", ".regstatic", ".regstatic/tmp", ".regstatic/template",
    ]
    static let deep = ["v2/zoo", "v2/zoo/hello/manifests", "v2/zoo/hello/tags", "servers/nginx"]

    /// A site in which a folder was moved away, and a link was left in its place.
    private func site(_ path: String, _ layout: SiteLayout) throws -> BuiltSite {
        let site = try BuiltSite()
        let servers = Nginx.files(layout)
        try site.build([Fixture.path("docker20-one.tar")], servers: servers, layout: layout)
        try site.folder.makeFolder("site/\(path)")
        try site.folder.move("site/\(path)", to: "outside")
        try site.folder.makeLink("site/\(path)", to: site.folder["outside"])
        return site
    }

    @Test(arguments: fixed, SiteLayout.allCases)
    func isRefused(_ path: String, _ layout: SiteLayout) throws {
        let site = try site(path, layout)
        let before = try site.folder.snapshot()
        let error = SiteDamage.linkInSite("\(site.path)/\(path)")
        #expect(throws: error) { try SiteFolder.forReading(site.path) }
        #expect(throws: error) { try SiteFolder.forWriting(site.path) }
        #expect(throws: error) { try SiteFolder.forWriting(site.path, creating: false) }
        #expect(Tree.differences(before, try site.folder.snapshot()) == [])
    }

    @Test(arguments: fixed, SiteLayout.allCases)
    func isAFault(_ path: String, _ layout: SiteLayout) throws {
        let site = try site(path, layout)
        let report = try site.verify(allowingLinks: true)
        #expect(report.faults == [.link(path: path)])
    }

    /// Deeper folders are reported once each, and what is missing behind them isn't.
    @Test(arguments: deep, SiteLayout.allCases)
    func aDeepOneIsAFault(_ path: String, _ layout: SiteLayout) throws {
        let site = try site(path, layout)
        let report = try site.verify(allowingLinks: true)
        #expect(report.faults == [.link(path: path)])
        #expect(report.unreferenced == [])
    }

    @Test(arguments: deep, SiteLayout.allCases)
    func aDeepOneStopsABuild(_ path: String, _ layout: SiteLayout) throws {
        let site = try site(path, layout)
        let before = try site.folder.snapshot("outside")
        #expect {
            try site.build([Fixture.path("docker28-one.tar")], servers: Nginx.files(layout))
        } throws: { error in
            ((error as? SiteBuild.Failure)?.cause as? FileError)?.isLink == true
        }
        #expect(Tree.differences(before, try site.folder.snapshot("outside")) == [])
        // The remedy that the error names.
        try site.folder.remove("site/\(path)")
        try site.build([Fixture.path("docker28-one.tar")], servers: Nginx.files(layout))
        #expect(try site.verify().faults == [])
    }

    /// A record of pages may not lead a build to files elsewhere.
    @Test func aRecordThatLeadsOut() throws {
        let site = try BuiltSite([Fixture.path("docker20-one.tar")])
        let pages =
            #"{"zoo/hello":{"files":{"catalogue/../../secret":"sha256:\#(String(repeating: "0", count: 64))"},"inputs":"sha256:\#(String(repeating: "0", count: 64))","summary":{}}}"#
        try site.folder.write("secret", "x")
        try site.folder.write("site/.regstatic/pages.json", pages)
        try site.build([Fixture.path("docker20-one.tar")])
        #expect(try site.verify().faults == [])
    }
}
