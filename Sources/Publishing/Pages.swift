// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
package import OCI

// The pages that a site has for browsers, and the files that they link to.
extension Publication {
    /// The same with pages, which come last: they name what is there.
    package func with(pages: [FileContent]) -> Publication {
        var rest = self
        rest.objects += pages.map(Object.init(page:))
        rest.sort()
        return rest
    }

    /// The folders that a bucket has of a site; the front page stands beside them.
    static let folders = ["v2", PagePlan.folder, ClientKit.folder]

    /// What a page's words may not do, they being an image's.
    static let pageHeaders: [(name: String, value: String)] = [
        ("Content-Security-Policy", PagePlan.policyHeader),
        ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
    ]

    /// The paths under which those stand, as `_headers` names them.
    static let pagePaths = ["", PagePlan.frontPath, "\(PagePlan.folder)/*"]
}

extension Publication.Object {
    fileprivate init(page file: FileContent) {
        self.init(file.path, file.bytes, phase: .pages, mediaType: Self.type(of: file.path))
    }

    private static func type(of path: String) -> MediaType {
        // A client's setting is text, whatever its name.
        guard !path.hasPrefix("\(ClientKit.folder)/") else { return .plainText }
        switch path.split(separator: ".").last {
        case "html": return .html
        case "css": return .css
        case "js": return .javaScript
        default: return .plainText
        }
    }
}

extension Publication.Label {
    /// As HTTP says it: our texts are in UTF-8, and the API's types have no parameters.
    package var contentType: String {
        mediaType.description.hasPrefix("text/") ? "\(mediaType); charset=utf-8" : "\(mediaType)"
    }
}
