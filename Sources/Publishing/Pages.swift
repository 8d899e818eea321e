// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
package import OCI

// The web pages of a site, and the files to which they link.
extension Publication {
    /// Adds pages, which are sent last because all objects that they name must already exist.
    package func with(pages: [FileContent]) -> Publication {
        var rest = self
        rest.objects += pages.map(Object.init(page:))
        rest.sort()
        return rest
    }

    /// The folders of a site in a bucket; the front page is in the parent folder.
    static let folders = ["v2", PagePlan.folder, ClientKit.folder]

    /// Headers that prevent pages from running scripts and loading content, because the text of
    /// pages comes from images.
    static let pageHeaders: [(name: String, value: String)] = [
        ("Content-Security-Policy", PagePlan.policyHeader),
        ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
    ]

    /// The paths of the pages, in the form of `_headers`.
    static let pagePaths = ["", PagePlan.frontPath, "\(PagePlan.folder)/*"]
}

extension Publication.Object {
    init(page file: FileContent) {
        self.init(file.path, file.bytes, phase: .pages, mediaType: Self.type(of: file.path))
    }

    private static func type(of path: String) -> MediaType {
        // Serve all files for clients as text, regardless of their extensions.
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
    /// The Content-Type header, with the charset UTF-8 for text and without parameters for the
    /// types of the API.
    package var contentType: String {
        mediaType.description.hasPrefix("text/") ? "\(mediaType); charset=utf-8" : "\(mediaType)"
    }
}
