// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The templates of the pages for browsers: the files of this folder, compiled into the binary.
package enum SiteTemplate {
    /// Name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("front.html", PackageResources.front_html),
        ("head.html", PackageResources.head_html),
        ("foot.html", PackageResources.foot_html),
        ("repository.html", PackageResources.repository_html),
        ("image.html", PackageResources.image_html),
        ("pager.html", PackageResources.pager_html),
        ("style.css", PackageResources.style_css),
        ("script.js", PackageResources.script_js),
    ]
}
