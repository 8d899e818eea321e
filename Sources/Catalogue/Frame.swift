// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
internal import OCI

/// The values that all pages of a site share.
struct Frame {
    let templates: TemplateSet
    let title: String
    /// The host in front of an image's name in a pull command; nil if the site has no address.
    let host: String?
    let siteLink: String?
    /// A digest of all the values above.
    let digest: Digest

    /// The version of the rendered pages.
    ///
    /// Raise this number with every change to the pages; otherwise sites keep pages that an older
    /// regstatic rendered.
    static let edition = 3

    static let stylePath = "\(PagePlan.folder)/_style.css"
    static let scriptPath = "\(PagePlan.folder)/_script.js"

    init(_ index: SiteIndex, _ templates: TemplateSet) {
        self.templates = templates
        title = index.page.title ?? "Container images"
        let address = index.page.address ?? index.kit.address
        host = address?.host.description
        siteLink = address?.url
        let parts = [
            "\(Self.edition)", "\(templates.digest)", title, host ?? "", siteLink ?? "",
        ]
        digest = Digest(of: parts.flatMap { Array($0.utf8) + [0] })
    }

    /// The values that every page has; `depth` is the number of folders between the site's root and
    /// the page.
    func values(pageTitle: String, depth: Int) -> Values {
        [
            "title": .text(title), "pageTitle": .text(pageTitle),
            "root": .text(String(repeating: "../", count: depth)),
            "host": .text(host ?? ""), "siteLink": .text(siteLink ?? ""),
            "policy": .text(PagePlan.policy), "isFront": .flag(depth == 0),
        ]
    }

    /// The file name of page `number` in a folder, counted from 1: `_.html`, `_2.html`.
    static func fileName(_ number: Int) -> String { number == 1 ? "_.html" : "_\(number).html" }

    /// The path of a repository's page.
    ///
    /// A repository's name can't begin with `_`, so it can't collide with a page's file name.
    static func path(_ name: RepositoryName, _ number: Int = 1) -> String {
        "\(PagePlan.folder)/\(name)/\(fileName(number))"
    }

    /// Links to the other pages of a series.
    static func pager(_ number: Int, of total: Int, link: (Int) -> String) -> Value {
        guard total > 1 else { return .one(nil) }
        return .one([
            "number": .count(number), "total": .count(total),
            "previous": .text(number > 1 ? link(number - 1) : ""),
            "next": .text(number < total ? link(number + 1) : ""),
            "pages": .list(
                (1...total)
                    .map {
                        [
                            "number": .count($0), "link": .text(link($0)),
                            "isCurrent": .flag($0 == number),
                        ]
                    }
            ),
        ])
    }
}
