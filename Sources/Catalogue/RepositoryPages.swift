// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The pages of one repository, which list its images, newest first.
struct RepositoryPages {
    private let view: RepositoryView
    private let contents: PageContents
    private let frame: Frame

    init(_ view: RepositoryView, contents: PageContents, frame: Frame) {
        (self.view, self.contents, self.frame) = (view, contents, frame)
    }

    private var entries: [SiteIndex.Entry] { contents.index.entries(of: view.name) }

    /// A digest of everything that the pages depend on.
    ///
    /// The digests of the manifests cover most of these inputs; the frame, the entries and the blob
    /// counts cover the others.
    var inputs: Digest {
        var bytes = Array("\(frame.digest) \(view.name)".utf8)
        for entry in entries {
            bytes.append(10)
            bytes += entry.name.utf8
            bytes += " \(entry.manifest.digest.hex) \(entry.isMade) \(entry.isReplaced)".utf8
        }
        for digest in view.manifests.sorted() {
            bytes.append(10)
            bytes += digest.hex.utf8
            // Include the number of blobs, because a later build may add missing platforms and
            // foreign layers.
            bytes += " \(contents.graph.nodes[digest]?.blobs.count ?? 0)".utf8
        }
        return Digest(of: bytes)
    }

    func draw() -> PagePlan.Drawing {
        let entries = entries
        let referrers = Referrers(view, entries: entries, graph: contents.graph)
        let listed = entries.filter { !referrers.entries.contains($0) }
        let images = Dictionary(grouping: listed, by: \.manifest.digest)
            .map { ListedImage($0.key, entries: $0.value, contents: contents) }
            .sorted(by: ListedImage.comesBefore)
        let pages = paged(images, referrers)
        let files = pages.indices.map { file($0, of: pages, images) }
        return PagePlan.Drawing(
            files: files,
            summary: Summary(images, pages, size: contents.graph.bytes(of: Array(view.manifests)))
                .json,
            isWhole: images.allSatisfy(\.isWhole)
        )
    }

    /// The limits of a page, in bytes and in images.
    private static let pageSize = (bytes: 300_000, images: 25)

    private func paged(_ images: [ListedImage], _ referrers: Referrers) -> [[RenderedImage]] {
        var pages: [[RenderedImage]] = [[]]
        var used = 0
        for image in images {
            let allowance = Allowance(ImageValues.limit)
            let subjects = [image.root] + image.platforms.map(\.descriptor.digest)
            let values = ImageValues(view.name, host: frame.host, allowance: allowance)
                .values(
                    image,
                    referrers: referrers.items(of: subjects.uniqued),
                    graph: contents.graph
                )
            let size = ImageValues.limit - allowance.left + 2000
            if let last = pages.last, !last.isEmpty,
                used + size > Self.pageSize.bytes || last.count == Self.pageSize.images
            {
                pages.append([])
                used = 0
            }
            used += size
            pages[pages.count - 1].append(RenderedImage(image: image, values: values))
        }
        return pages
    }

    private func file(_ position: Int, of pages: [[RenderedImage]], _ images: [ListedImage])
        -> FileContent
    {
        let name = view.name
        var values = frame.values(
            pageTitle: "\(name)",
            depth: name.components.count + 1
        )
        values["name"] = .text("\(name)")
        values["alias"] = .text(name.components.count == 1 ? "library/\(name)" : "")
        values["tagCount"] = .text(Wording.count(images.reduce(0) { $0 + $1.tags.count }, "tag"))
        values["imageCount"] = .text(Wording.count(images.count, "image"))
        values["size"] = .text(Wording.size(contents.graph.bytes(of: Array(view.manifests))))
        values["images"] = .list(pages[position].map(\.values))
        values["isFirst"] = .flag(position == 0)
        values["isPaged"] = .flag(pages.count > 1)
        values["pager"] = Frame.pager(position + 1, of: pages.count, link: Frame.fileName)
        let isLong = pages.count > 1 || images.contains { $0.tags.count > ImageValues.tagLimit }
        values["hasAllTags"] = .flag(position == 0 && isLong)
        values["allTags"] = .list(position == 0 && isLong ? Self.tags(pages) : [])
        let bytes = frame.templates.render("repository.html", values)
        return FileContent(Frame.path(name, position + 1), bytes)
    }

    /// The links to the places of all tags, for a repository whose first page doesn't show all
    /// tags.
    private static func tags(_ pages: [[RenderedImage]]) -> [Values] {
        pages.enumerated()
            .flatMap { position, page in
                page.flatMap { drawn in
                    drawn.image.tags.map { tag in
                        [
                            "tag": .text("\(tag)"),
                            "link": .text("\(Frame.fileName(position + 1))#\(drawn.image.anchor)"),
                        ]
                    }
                }
            }
    }
}

extension Array where Element: Hashable {
    /// The elements without duplicates, in the order of their first occurrence.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
