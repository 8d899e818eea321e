// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
internal import OCI

/// What all pages of a site have in common.
struct Frame {
    let templates: TemplateSet
    let title: String
    /// What stands before an image's name in a pull; nil if the site doesn't know.
    let host: String?
    let siteLink: String?
    /// Stands for all of these.
    let digest: Digest

    /// Raised with every change of what is drawn, or sites would keep pages that an older version drew.
    static let edition = 1

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

    /// The values that every page has; `depth` is how many folders it lies below the site's root.
    func values(pageTitle: String, depth: Int) -> Values {
        [
            "title": .text(title), "pageTitle": .text(pageTitle),
            "root": .text(String(repeating: "../", count: depth)),
            "host": .text(host ?? ""), "siteLink": .text(siteLink ?? ""),
            "policy": .text(PagePlan.policy), "isFront": .flag(depth == 0),
        ]
    }

    /// Page `number` of a series in one folder, from 1: `_.html`, `_2.html`.
    static func fileName(_ number: Int) -> String { number == 1 ? "_.html" : "_\(number).html" }

    /// The page of a repository; no name of one begins with `_`, so none can stand in the way.
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
