// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel
internal import Store
internal import Streams

/// The renderers of a site's derived files and web pages.
package struct Derived: Sendable {
    package let files: [any DerivedFiles]
    /// The renderer of the web pages; nil to leave the site's pages unchanged.
    package let pages: (any PageRenderer)?
    /// The files of programs that the site gets.
    var programs: [ProgramFile] = []

    package init(_ files: [any DerivedFiles] = [], pages: (any PageRenderer)? = nil) {
        self.files = files
        self.pages = pages
    }
}
