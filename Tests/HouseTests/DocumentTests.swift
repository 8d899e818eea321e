// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

/// The project's pages: where they lead, and the picture of the modules.
@Suite struct DocumentTests {
    private static let pages = Result {
        try ["docs", "samples", "site-template"].flatMap { try House.files($0, ".md") }
            + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "RELEASING.md", "SECURITY.md"]
            .map { name in
                let bytes = try Tree.contents("\(House.root)/\(name)")
                return House.File(path: name, text: String(decoding: bytes, as: UTF8.self))
            }
    }

    /// Every link within the project leads to a file, and to a heading of it.
    @Test func linksLeadSomewhere() throws {
        let pages = try Self.pages.get()
        let anchors = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, $0.anchors) })
        try #require(anchors.count > 15)
        for page in pages {
            for link in page.links where !link.contains("://") {
                let parts = link.split(
                    separator: "#",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                let target = parts[0].isEmpty ? page.path : page.resolved(parts[0])
                let known = try #require(anchors[target], "\(page.path) links to \(target)")
                if parts.count == 2 { #expect(known.contains(String(parts[1])), "\(link)") }
            }
        }
    }

    /// A page that the index doesn't name is not found.
    @Test func theIndexNamesEveryPage() throws {
        let index = try #require(try Self.pages.get().first { $0.path == "docs/README.md" })
        let named = Set(index.links.map { index.resolved($0[...]) } + [index.path])
        for page in try Self.pages.get() where page.path.hasPrefix("docs/") {
            #expect(named.contains(page.path), "\(page.path)")
        }
    }

    /// The picture has the arrows of the sources, without those that others imply.
    @Test func thePictureIsTrue() throws {
        let page = try #require(try Self.pages.get().first { $0.path == "docs/developing.md" })
        let drawn = Set(
            page.lines.filter { $0.contains(" --> ") }.map { $0.drop { $0 == " " }.description }
        )
        #expect(drawn == Set(Self.reduced().map { "\($0) --> \($1)" }))
    }

    private static func reduced() -> [(String, String)] {
        let arrows = ArchitectureTests.arrows
        func below(_ module: String) -> Set<String> {
            (arrows[module] ?? []).reduce(into: arrows[module] ?? []) { $0.formUnion(below($1)) }
        }
        return arrows.keys.flatMap { module in
            let direct = (arrows[module] ?? []).filter { arrows[$0] != nil }
            return
                direct.filter { target in
                    !direct.contains { $0 != target && below($0).contains(target) }
                }
                .map { (module, $0) }
        }
    }
}

extension House.File {
    /// What stands in `](…)`.
    fileprivate var links: [String] { text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) } }

    fileprivate func resolved(_ link: Substring) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }

    /// Headings, as forges make anchors of them.
    fileprivate var anchors: Set<String> {
        Set(
            lines.filter { $0.hasPrefix("#") }
                .map { line in
                    line.drop { $0 == "#" }.dropFirst().lowercased()
                        .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                        .replacing(" ", with: "-")
                }
        )
    }
}
