// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The names that a template may use, each with the sections in which it is valid.
struct Schema: Sendable {
    /// The names of texts.
    ///
    /// Each name is also valid as a section, which is rendered if the text isn't empty.
    let texts: Set<String>
    let sections: [String: Schema]

    init(_ texts: Set<String> = [], _ sections: [String: Schema] = [:]) {
        (self.texts, self.sections) = (texts, sections)
    }

    /// The schema inside the section `name`; nil if no such section is valid here.
    subscript(name: String) -> Schema? {
        sections[name] ?? (texts.contains(name) ? Schema() : nil)
    }

    /// The schema of each rendered page, by the template's file.
    static let pages: [String: Schema] = ["front.html": front, "repository.html": repository]

    /// The names that are valid on every page.
    private static let common: Set<String> = [
        "title", "pageTitle", "root", "host", "siteLink", "policy", "isFront",
    ]

    private static let flag = Schema()
    /// A `link` is safe in an `href`, because it is an http or https URL, or empty.
    private static let link = Schema(["link", "text"])

    private static let pager = Schema(
        ["previous", "next", "number", "total"],
        ["pages": Schema(["link", "number"], ["isCurrent": flag])]
    )

    private static let front = Schema(
        common.union([
            "repositoryCount", "tagCount", "imageCount", "size", "example", "programCommand",
        ]),
        [
            "programs": Schema(["path", "machine"]),
            "rows": Schema(
                [
                    "name", "link", "size", "bytes", "built", "builtTime", "platforms", "moreTags",
                    "tagCount",
                ],
                ["tags": Schema(["tag", "link"]), "isMade": flag, "isKept": flag, "isMixed": flag]
            ),
            "sharing": Schema([
                "separate", "stored", "saved", "percent", "own", "shared", "ownWidth",
                "sharedWidth",
                "savedWidth", "sharedStart", "savedStart",
            ]),
            "clients": Schema(
                ["name"],
                [
                    "files": Schema(["link", "path", "text", "targets", "remark"]),
                    "moreFiles": Schema(["count"]),
                    "commands": Schema(["text"]),
                    "notes": Schema(["text"]),
                ]
            ),
            "authority": Schema(["link"]),
            "warning": Schema(["text"]),
            "hasKit": flag, "isPlain": flag, "isPaged": flag, "pager": pager,
        ]
    )

    private static let repository = Schema(
        common.union(["name", "alias", "tagCount", "imageCount", "size"]),
        [
            "images": image, "allTags": Schema(["tag", "link"]), "isPaged": flag, "pager": pager,
            "isFirst": flag, "hasAllTags": flag,
        ]
    )

    private static let image = Schema(
        [
            "anchor", "heading", "digest", "size", "built", "builtTime", "type", "pull", "moreTags",
            "platformNames", "imageTitle", "imageDescription", "imageVersion", "licenses",
        ],
        [
            "tags": Schema(["tag"]), "isMade": flag, "isReplaced": flag, "isUntagged": flag,
            "source": link, "website": link,
            "platforms": platform, "absent": Schema(["platform", "digest"]),
            "referrers": Schema(["kind", "type", "digest", "size", "tag"]),
            "hasAbsent": flag, "hasForeign": flag, "foreign": Schema(["digest", "url"]),
            "hasReferrers": flag, "moreReferrers": Schema(["count"]),
            "morePlatforms": Schema(["count"]),
        ]
    )

    private static let pair = Schema(["key", "value", "target"])

    private static let platform = Schema(
        [
            "platform", "digest", "size", "built", "builtTime", "entrypoint", "command", "user",
            "folder", "ports", "volumes", "stopSignal", "layerCount", "config",
        ],
        [
            "steps": Schema(
                ["command", "size", "digest", "shortDigest", "comment"],
                ["isLayer": flag, "isForeign": flag]
            ),
            "labels": pair, "environment": pair, "moreSteps": Schema(["count"]),
            "moreLabels": Schema(["count"]), "moreEnvironment": Schema(["count"]),
            "hasRunning": flag, "hasSteps": flag, "hasEnvironment": flag, "hasLabels": flag,
            "isUnreadable": flag, "isAlone": flag, "isArtifact": flag,
        ]
    )
}
