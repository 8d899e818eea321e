// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Annotations by which regstatic recognizes its own lists of images.
package enum SiteMark {
    /// An annotation in the `index.json` of a site, which shows that the site serves the names in
    /// this file.
    package static let site = "regstatic.site"
    /// An annotation in the `index.json` of an exported archive, which shows that the archive has
    /// all content of its images.
    package static let export = "regstatic.export"
    /// An annotation of an entry whose manifest regstatic made; no registry has the digest of such
    /// a manifest.
    package static let made = "regstatic.made"
}
