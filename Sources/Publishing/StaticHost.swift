// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// A host that serves an uploaded folder, with headers from its file `_headers`.
package enum StaticHost: String, CaseIterable, Sendable {
    /// <https://docs.netlify.com/routing/headers/>
    case netlify
    /// <https://developers.cloudflare.com/pages/platform/limits/>
    case cloudflarePages = "cloudflare-pages"

    /// A reason why a host can't serve a site.
    package enum Limit: Error, Hashable, Sendable {
        case fileSize(key: String, size: Int, limit: Int)
        case files(count: Int, limit: Int)
        /// The media types of the folders need more rules than the host accepts.
        case rules(count: Int, limit: Int)
        /// A folder has documents of different types, but the host accepts only one rule for the
        /// whole folder.
        case mixedTypes(folder: String)
        /// A tag ends with `.html`, so the host would redirect to the path without the extension.
        case page(key: String)
    }

    fileprivate var largestFile: Int? { self == .cloudflarePages ? 25 << 20 : nil }
    fileprivate var mostFiles: Int? { self == .cloudflarePages ? 20_000 : nil }
    fileprivate static let mostRules = 100
}

extension Publication {
    /// Returns the objects as files for a host, with a `_headers` file that sets their headers.
    package func hosted(by host: StaticHost) throws(StaticHost.Limit) -> Publication {
        // Cloudflare's rules allow only one type per folder, so leave out the fallback tags for
        // this host.
        var objects = objects.filter { object in
            object.key != Self.rootKey && !(host == .cloudflarePages && object.isFallback)
        }
        for object in objects {
            if let limit = host.largestFile, object.size > limit {
                throw .fileSize(key: object.key, size: object.size, limit: limit)
            }
            if host == .cloudflarePages, object.phase == .tags, object.key.hasSuffix(".html") {
                throw .page(key: object.key)
            }
        }
        if let limit = host.mostFiles, objects.count + 2 > limit {
            throw .files(count: objects.count + 2, limit: limit)
        }
        let rules =
            switch host {
            case .netlify: Self.rulesForPaths(objects)
            case .cloudflarePages: try Self.rulesForFolders(objects)
            }
        objects.append(Object("_headers", Array(rules.map(\.text).joined().utf8), phase: .lists))
        // Without 404.html, Cloudflare answers 200 for missing files. The file has the JSON form of
        // the API's errors, because engines read it.
        objects.append(Object("404.html", Self.notFound.canonicalBytes, phase: .lists))
        return Publication(files: objects)
    }

    private static let notFound = JSON.object([
        "errors": .array([
            // Don't use `NAME_UNKNOWN`, because oras would then not ask for the fallback tag.
            .object([
                "code": .string("MANIFEST_UNKNOWN"), "message": .string("not in this registry"),
            ])
        ])
    ])

    /// A rule of `_headers`; Netlify needs header names with capitals.
    private struct Rule {
        let path: String
        let headers: [(name: String, value: String)]

        var text: String {
            "/\(path)\n" + headers.map { "  \($0.name): \($0.value)\n" }.joined()
        }
    }

    private static let version = (name: "Docker-Distribution-Api-Version", value: "registry/2.0")

    private static func rulesForPaths(_ objects: [Object]) -> [Rule] {
        let rules = objects.compactMap { object -> Rule? in
            guard object.phase != .pages, case .bytes(let bytes) = object.content else {
                return nil
            }
            var headers = [(name: "Content-Type", value: object.label.mediaType.description)]
            if object.phase != .lists {
                headers.append(("Docker-Content-Digest", Digest(of: bytes).description))
            }
            return Rule(path: object.key, headers: headers)
        }
        return [Rule(path: "v2/*", headers: [version])] + rulesForPages(objects) + rules
    }

    /// Rules for the security headers of pages, and for files that must be served as text.
    private static func rulesForPages(_ objects: [Object]) -> [Rule] {
        guard objects.contains(where: { $0.phase == .pages }) else { return [] }
        let text = [
            ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
        ]
        return pagePaths.map { Rule(path: $0, headers: pageHeaders) }
            + [Rule(path: "clients/*", headers: text)]
    }

    /// Makes one rule for each folder or for all folders, never for a single file, because
    /// Cloudflare reads `:` in a path as a placeholder.
    private static func rulesForFolders(_ objects: [Object]) throws(StaticHost.Limit) -> [Rule] {
        var types: [String: Set<MediaType>] = [:]
        let parts: Set<Phase> = [.manifests, .tags, .lists]
        for object in objects where parts.contains(object.phase) && object.label.mediaType != .json
        {
            types[object.folder, default: []].insert(object.label.mediaType)
        }
        let pages = rulesForPages(objects)
        if types.count + pages.count >= StaticHost.mostRules {
            let all = types.values.reduce(into: Set<MediaType>()) { $0.formUnion($1) }
            guard all.count == 1, let type = all.first else {
                throw .rules(count: types.count + pages.count + 1, limit: StaticHost.mostRules)
            }
            return [Rule(path: "v2/*", headers: [version, ("Content-Type", type.description)])]
                + pages
        }
        var rules = [Rule(path: "v2/*", headers: [version])] + pages
        for (folder, types) in types.sorted(by: { $0.key < $1.key }) {
            guard types.count == 1, let type = types.first else {
                throw .mixedTypes(folder: folder)
            }
            rules.append(
                Rule(path: "\(folder)/*", headers: [("Content-Type", type.description)])
            )
        }
        return rules
    }
}
