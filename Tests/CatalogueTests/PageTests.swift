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

/// What stands on the pages of a site, and that it is what it should be.
@Suite struct PageTests {
    private static let inputs = [
        "docker20-many.tar", "docker28ctr-multiarch-attested.tar", "oci-referrers",
    ]
    .map(Fixture.path)

    /// Whoever changes what is drawn raises `Frame.edition`, or sites keep their old pages: so the
    /// edition is in the name.
    @Test func goldenPages() throws {
        let drawn = try Drawn(Self.inputs)
        for (name, path) in [
            ("front", "index.html"), ("multi", "catalogue/zoo/multi/_.html"),
            ("hello", "catalogue/zoo/hello/_.html"),
        ] {
            let golden = "page-\(Catalogue.edition)-\(name).html"
            #expect(Golden.difference(golden, try drawn.page(path)) == nil)
        }
    }

    /// Only the front page is beside the programs.
    @Test func programs() throws {
        let drawn = try Drawn(Self.inputs)
        #expect(try !drawn.front.contains("README.txt"))
        let before = try drawn.pages
        let tool = try drawn.site.folder.write("tool", ProgramSample().bytes)
        try drawn.site.build(Self.inputs, pages: drawn.catalogue) {
            $0.replace = true
            $0.programs = .add([try ProgramFile(tool)])
        }
        let command =
            "cp program/regstatic-linux-amd64 ~/regstatic &amp;&amp; chmod +x ~/regstatic &amp;&amp;"
            + " ~/regstatic verify ."
        let front = try drawn.front
        #expect(front.contains("<code data-copy=\"command\">\(command)</code>"))
        #expect(front.contains("<code>uname -m</code> prints x86_64</li>"))
        #expect(front.contains("<code>README.txt</code>"))
        let changed = try drawn.pages.filter { $0.value != before[$0.key] }
        #expect(Array(changed.keys) == ["index.html"])
    }

    @Test func layoutsAndOrdersGiveTheSamePages() throws {
        let texts = try [(Self.inputs, SiteLayout.plain), (Self.inputs.reversed(), .portable)]
            .map { inputs, layout in
                let site = try BuiltSite()
                for input in inputs { try site.build([input], pages: Catalogue(), layout: layout) }
                return Tree.text(
                    try site.published()
                        .filter { $0.key == "index.html" || $0.key.hasPrefix("catalogue/") }
                )
            }
        #expect(texts[0] == texts[1])
    }

    /// All of it is one text below `catalogue/`, in which no name differs from another by case alone.
    @Test func namesFitEveryMedium() throws {
        var index: [TarMember] = []
        let image = SyntheticImage.small
        let names = ["a:1", "a/b:1", "a/index.html:1", "a/_x/b:1", "style.css:1", "a:X", "a:x"]
        index = image.dockerArchive(
            names.filter { RepositoryName(String($0.split(separator: ":")[0])) != nil }
        )
        let folder = try TemporaryFolder()
        let archive = try folder.write("a.tar", TarBuilder.tar(index))
        let drawn = try Drawn([archive])
        let paths = try drawn.pages.keys
        #expect(paths.contains("catalogue/a/_.html"))
        #expect(paths.contains("catalogue/a/b/_.html"))
        #expect(paths.contains("catalogue/a/index.html/_.html"))
        #expect(paths.contains("catalogue/style.css/_.html"))
        #expect(paths.allSatisfy { !$0.contains(":") && $0 == $0.lowercased() })
    }

    @Test func everyLinkLeadsSomewhere() throws {
        let drawn = try Drawn(Self.inputs)
        let files = try drawn.site.published()
        for (path, entry) in try drawn.pages where path.hasSuffix(".html") {
            guard case .file(let bytes, _) = entry else { continue }
            let folder = path.split(separator: "/").dropLast().map(String.init)
            for link in Self.links(String(decoding: bytes, as: UTF8.self)) {
                guard !link.contains(":"), !link.hasPrefix("#") else { continue }
                var parts = folder
                for part in link.split(separator: "#")[0].split(separator: "/") {
                    if part == ".." { parts.removeLast() } else { parts.append(String(part)) }
                }
                #expect(files[parts.joined(separator: "/")] != nil, "\(path): \(link)")
            }
        }
    }

    private static func links(_ html: String) -> [Substring] {
        [" href=\"", " src=\""]
            .flatMap { mark in
                html.split(separator: mark).dropFirst()
                    .compactMap { $0.split(separator: "\"").first }
            }
    }

    @Test func attestationsAndPlatformsAreTold() throws {
        let page = try Drawn(Self.inputs).page("catalogue/zoo/multi/_.html")
        #expect(page.contains("Attestation"))
        #expect(page.contains("<strong>linux/arm64</strong>"))
        #expect(page.contains("preserved"))
        #expect(!page.contains("unknown/unknown"))
    }

    @Test func hundredImagesAreSmall() throws {
        let image = SyntheticImage.small
        let names = (0..<100).map { "team\($0 % 7)/application-\($0):1.\($0)" }
        let folder = try TemporaryFolder()
        let archive = try folder.write("a.tar", TarBuilder.tar(image.dockerArchive(names)))
        let front = try Drawn([archive]).front
        #expect(front.contains("application-99"))
        #expect(front.utf8.count < 50_000)
    }

    @Test func manyTagsFold() throws {
        let names = (0..<300).map { "app:1.\($0)" }
        let images = (0..<60).map { SyntheticImage(layers: [], comment: "\($0)") }
        let folder = try TemporaryFolder()
        let archives = try images.enumerated()
            .map { number, image in
                let own = Array(names[(number * 5)..<(number * 5 + 5)])
                return try folder.write("\(number).tar", TarBuilder.tar(image.dockerArchive(own)))
            }
        let drawn = try Drawn(archives)
        let first = try drawn.page("catalogue/app/_.html")
        #expect(first.contains("<summary>All tags</summary>"))
        #expect(first.contains(#"<a href="_3.html#"#))
        #expect(try drawn.page("catalogue/app/_3.html").contains(">Previous</a>"))
        // Fewer images: pages that aren't needed go.
        try drawn.site.build([archives[0]], pages: drawn.catalogue) { $0.mirroring = { _ in true } }
        #expect(
            try drawn.pages.keys.filter { $0.hasPrefix("catalogue/app/") } == [
                "catalogue/app/_.html"
            ]
        )
    }
}
