// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Annotations by which regstatic recognizes its own lists of images.
package enum SiteMark {
    /// In the `index.json` of a site: the names in this file are the ones that the site serves.
    package static let site = "regstatic.site"
    /// In the `index.json` of an exported archive: the archive has all content of its images.
    package static let export = "regstatic.export"
    /// In an entry whose manifest was made by regstatic; no registry has the digest of such a
    /// manifest.
    package static let made = "regstatic.made"
}
