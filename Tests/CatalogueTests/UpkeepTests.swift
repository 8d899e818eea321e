// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Catalogue
import OCI
import SiteModel
import Site
import SiteTestSupport
import Store
import TestSupport
import Testing

/// Pages follow what the site serves.
@Suite struct UpkeepTests {
    private static let inputs = ["docker20-many.tar", "oci-referrers"].map(Fixture.path)

    private func drawn() throws -> Drawn { try Drawn(Self.inputs) }

    @Test func aWholeSiteVerifies() throws {
        let drawn = try drawn()
        let report = try drawn.site.verify()
        #expect(report.faults.isEmpty)
        #expect(report.unreferenced.isEmpty)
    }

    @Test(arguments: ["index.html", "catalogue/_style.css", "catalogue/zoo/hello/_.html"])
    func aChangedPageIsAFaultAndDrawnAgain(_ path: String) throws {
        let drawn = try drawn()
        let before = try drawn.pages
        try drawn.site.folder.write("site/\(path)", try drawn.page(path).replacing("e", with: "a"))
        let report = try drawn.site.verify()
        #expect(report.faults == [.tree(path: path)])
        try drawn.site.build([], pages: drawn.catalogue)
        #expect(try drawn.pages == before)
    }

    @Test func aStrayPageIsToldAndGoes() throws {
        let drawn = try drawn()
        try drawn.site.folder.write("site/catalogue/gone/_.html", "x")
        let report = try drawn.site.verify()
        #expect(report.faults == [.foreign(path: "catalogue/gone/_.html")])
        try drawn.site.build([], pages: drawn.catalogue)
        #expect(try drawn.pages["catalogue/gone/_.html"] == nil)
    }

    /// What is drawn from damage would be wrong once that is mended: it is not kept for the next run.
    @Test func aDamagedConfigurationIsSaidAndHeals() throws {
        let drawn = try drawn()
        let before = try drawn.pages
        let image = try #require(
            try drawn.site.index.entries.first { $0.repository.description == "nginx" }
        )
        let graph = try SiteFolder.forReading(drawn.site.path).graph()
        let config = try #require(graph.nodes[image.manifest.digest]?.manifest.blobs.first)
        let path = "site/\(config.digest.blobPath)"
        let bytes = try drawn.site.folder.read(path)
        try drawn.site.folder.write(path, "{}")
        let report = try drawn.site.verify()
        #expect(!report.faults.contains { if case .tree = $0 { true } else { false } })
        try drawn.site.folder.write("site/.regstatic/pages.json", "")
        try drawn.site.build([], pages: drawn.catalogue)
        #expect(try drawn.page("catalogue/nginx/_.html").contains("missing or damaged"))
        try drawn.site.folder.write(path, bytes)
        try drawn.site.build([], pages: drawn.catalogue)
        #expect(try drawn.pages == before)
    }

    @Test func removedImagesLeaveThePages() throws {
        let drawn = try drawn()
        let reference = try #require(SiteReference("nginx:alpine"))
        _ = try drawn.site.pruner(pages: drawn.catalogue).remove([reference])
        #expect(try drawn.page("catalogue/nginx/_.html").contains("only until the site is pruned"))
        _ = try drawn.site.pruner(pages: drawn.catalogue).prune(waiting: false).removed
        #expect(try drawn.pages["catalogue/nginx/_.html"] == nil)
        #expect(try drawn.site.verify().faults.isEmpty)
    }

    @Test func titleAndAddressAreRemembered() throws {
        let drawn = try drawn()
        try drawn.site.build([], pages: drawn.catalogue) {
            $0.page.title = "Plant <7>"
            $0.page.address = PageSettings.address("https://registry.plant.lan/")
        }
        try drawn.site.build([], pages: drawn.catalogue)
        let front = try drawn.front
        #expect(front.contains("<h1>Plant &lt;7&gt;</h1>"))
        #expect(front.contains("docker pull registry.plant.lan/"))
        // A site made of this one says it, too.
        let copy = try Drawn([drawn.site.path])
        #expect(try copy.front.contains("<h1>Plant &lt;7&gt;</h1>"))
        try drawn.site.build([], pages: drawn.catalogue) { $0.page.title = "" }
        #expect(try drawn.front.contains("<h1>Container images</h1>"))
    }

    @Test func aSiteMayHaveNoPage() throws {
        let drawn = try drawn()
        try drawn.site.build([], pages: drawn.catalogue) { $0.page.isLeftOut = true }
        #expect(try drawn.pages.isEmpty)
        try drawn.site.folder.write("site/index.html", "another hand's")
        try drawn.site.build([], pages: drawn.catalogue)
        #expect(try drawn.front == "another hand's")
        #expect(try drawn.site.verify().faults.isEmpty)
        try drawn.site.build([], pages: drawn.catalogue) { $0.page.isLeftOut = false }
        #expect(try drawn.front.contains("<h1>"))
    }

    @Test(arguments: [
        "registry.plant.lan", "ftp://registry.plant.lan", "https://", "https://r.lan/path",
        "https://user@r.lan", "https://r.lan?x", "https://registry", "javascript:alert(1)",
    ])
    func anAddressIsAURLWithoutAPath(_ text: String) { #expect(PageSettings.address(text) == nil) }

    @Test func ownTemplateIsKeptByTheSite() throws {
        let drawn = try drawn()
        let own = try TemplateSet(
            own: ["foot.html": Array("<p>Ours: {{title}}</p>".utf8)],
            folder: "t"
        )
        try drawn.site.build([], pages: Catalogue(own))
        #expect(try drawn.front.contains("<p>Ours: Container images</p>"))
        #expect(try drawn.page(".regstatic/template/foot.html") == "<p>Ours: {{title}}</p>")
        try drawn.site.build([], pages: Catalogue())
        #expect(try drawn.site.snapshot()[".regstatic/template/foot.html"] == nil)
        #expect(try !drawn.front.contains("Ours"))
    }
}
