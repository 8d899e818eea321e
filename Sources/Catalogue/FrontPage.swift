// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
internal import OCI

/// The page at a site's root: the list of all repositories, and how to pull from them.
struct FrontPage {
    private let views: [RepositoryView]
    private let contents: PageContents
    private let frame: Frame

    init(_ views: [RepositoryView], of contents: PageContents, in frame: Frame) {
        (self.views, self.contents, self.frame) = (views, contents, frame)
    }

    /// The number of rows on one page; all pages after the first are in the folder of pages.
    private static let pageSize = 1000

    /// Renders all pages of the list, starting with the last page.
    ///
    /// The front page is written last, so it never links to a page that doesn't exist yet.
    func files(_ summaries: [JSON]) -> [FileContent] {
        let rows = zip(views, summaries).map { ($0.name, Summary($1)) }
        let total = max(1, (rows.count + Self.pageSize - 1) / Self.pageSize)
        let general = general(rows.map(\.1))
        return (1...total).reversed()
            .map { number in
                let shown = rows.dropFirst((number - 1) * Self.pageSize).prefix(Self.pageSize)
                return file(number, of: total, rows: Array(shown), general: general)
            }
    }

    private func file(
        _ number: Int,
        of total: Int,
        rows: [(RepositoryName, Summary)],
        general: Values
    ) -> FileContent {
        let isFirst = number == 1
        var values = frame.values(pageTitle: "", depth: isFirst ? 0 : 1)
        values.merge(general) { $1 }
        let root = isFirst ? "" : "../"
        // The files beside the front page are for people who opened it from the medium.
        if isFirst { values.merge(programs) { $1 } }
        values["rows"] = .list(rows.map { row($0.0, $0.1, root: root) })
        values["isPaged"] = .flag(total > 1)
        values["pager"] = Frame.pager(number, of: total) { Self.link($0, from: number) }
        return FileContent(Self.path(number), frame.templates.render("front.html", values))
    }

    private static func path(_ number: Int) -> String {
        number == 1 ? PagePlan.frontPath : "\(PagePlan.folder)/\(Frame.fileName(number))"
    }

    private static func link(_ number: Int, from other: Int) -> String {
        (other == 1 ? "" : "../") + path(number)
    }

    /// The values about the programs on the medium.
    private var programs: Values {
        let programs = contents.index.programs
        guard let example = MediumGuide.example(programs) else { return [:] }
        let commands = MediumGuide.preparation(of: example) + ["~/regstatic verify ."]
        return [
            "programCommand": .text(commands.joined(separator: " && ")),
            "programs": .list(
                programs.machines.map { machine in
                    [
                        "path": .text(SitePrograms.path(machine)),
                        "machine": .text(machine.kernelNames),
                    ]
                }
            ),
        ]
    }

    // MARK: The list

    private func row(_ name: RepositoryName, _ summary: Summary, root: String) -> Values {
        let shown = summary.tags.map { place in
            [
                "tag": Value.text(place.tag),
                "link": .text(
                    root + Frame.path(name, place.page) + "#" + Markup.path(place.anchor)
                ),
            ]
        }
        let more = summary.tagCount - shown.count
        return [
            "name": .text("\(name)"), "link": .text(root + Frame.path(name)),
            "tags": .list(shown), "tagCount": .count(summary.tagCount),
            "moreTags": .text(more > 0 ? Wording.count(more) : ""),
            "platforms": .text(summary.platforms.joined(separator: ", ")),
            "size": .text(Wording.size(summary.size)), "bytes": .count(summary.size),
            "built": .text(summary.built.map { String($0.prefix(10)) } ?? ""),
            "builtTime": .text(summary.built.map { $0 + "Z" } ?? ""),
            "isMade": .flag(summary.made > 0 && summary.made == summary.imageCount),
            "isKept": .flag(summary.made == 0),
            "isMixed": .flag(summary.made > 0 && summary.made < summary.imageCount),
        ]
    }

    /// The values that all pages of the list share.
    private func general(_ summaries: [Summary]) -> Values {
        let size = SiteSize(contents.contents)
        let tagged = contents.index.entries.lazy.filter { $0.tag != nil && !$0.isReplaced }
        // docker can't pull a chart or a signature, so prefer an image with a platform.
        let example = (tagged.first { $0.manifest.platform != nil } ?? tagged.first)?.name
        let sharing = Sharing(contents.plan.manifests.map(\.digest), contents.graph)
        let images = summaries.reduce(0) { $0 + $1.imageCount }
        var values: Values = [
            "repositoryCount": .text(
                Wording.count(size.repositories, "repository", plural: "repositories")
            ),
            "tagCount": .text(Wording.count(size.tags, "tag")),
            "imageCount": .text(Wording.count(images, "image")),
            "size": .text(Wording.size(size.bytes)),
            "example": .text(example ?? "NAME:TAG"),
            "sharing": .one(sharing?.values),
            "programCommand": .text(""), "programs": .list([]),
        ]
        values.merge(ClientValues(contents.contents.clientKit).values) { $1 }
        return values
    }
}
