// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The front page's values for a repository.
///
/// The site's cache keeps them, so that a build doesn't have to read every image again.
struct Summary {
    struct TagPlace {
        let tag: String
        /// The page of the repository that shows the tag; `anchor` is the place on that page.
        let page: Int
        let anchor: String
    }

    let tags: [TagPlace]
    let tagCount: Int
    let imageCount: Int
    let platforms: [String]
    let size: Int
    let built: String?
    let made: Int

    private static let tagLimit = 4
    private static let platformLimit = 6

    init(_ images: [ListedImage], _ pages: [[RenderedImage]], size: Int) {
        let all = images.filter { !$0.isReplaced }
        tagCount = all.reduce(0) { $0 + $1.tags.count }
        imageCount = all.count
        made = all.count(where: \.isMade)
        self.size = size
        built = all.compactMap(\.created).max()
        platforms = Array(
            all.flatMap(\.platforms).compactMap(\.platform).map { Markup.visible($0.description) }
                .map { String($0.prefix(40)) }.uniqued.sorted().prefix(Self.platformLimit)
        )
        tags = Array(
            pages.enumerated()
                .flatMap { position, page in
                    page.flatMap { drawn in
                        drawn.image.tags.map {
                            TagPlace(tag: "\($0)", page: position + 1, anchor: drawn.image.anchor)
                        }
                    }
                }
                .prefix(Self.tagLimit)
        )
    }
}

// The form in the site's cache.
extension Summary {
    var json: JSON {
        .object([
            "tags": .array(
                tags.map {
                    .object([
                        "tag": .string($0.tag), "page": .integer($0.page), "at": .string($0.anchor),
                    ])
                }
            ),
            "tagCount": .integer(tagCount), "imageCount": .integer(imageCount),
            "platforms": .array(platforms.map(JSON.string)), "size": .integer(size),
            "built": built.map(JSON.string), "made": .integer(made),
        ])
    }

    init(_ json: JSON) {
        func number(_ key: String) -> Int { json[key]?.integer ?? 0 }
        tags = (json["tags"]?.array ?? [])
            .map {
                TagPlace(
                    tag: $0["tag"]?.string ?? "",
                    page: max(1, $0["page"]?.integer ?? 1),
                    anchor: $0["at"]?.string ?? ""
                )
            }
        (tagCount, imageCount) = (number("tagCount"), number("imageCount"))
        (size, made) = (number("size"), number("made"))
        platforms = (json["platforms"]?.array ?? []).compactMap(\.string)
        built = json["built"]?.string.flatMap(Wording.moment)
    }
}
