// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Store

/// A step that publishes staged files or removes old ones; `allCases` is the order.
///
/// At every step, a client can pull each tag completely, because the blobs are in the store before
/// the first step, names of content come before tags, and a file that leads to other files is
/// removed before them.
package enum SiteStep: CaseIterable, Sendable {
    /// content-types.json without resources that the new contents lack. The file must never name
    /// images that index.json lacks, because regstatic recognizes a damaged index.json by such
    /// images.
    case shorterContentTypes
    /// index.json; with this step, the site gets the new contents.
    case index
    /// Signatures of versions that index.json doesn't have any more; before this step, the signature
    /// of the old version must stay.
    case staleSignatures
    /// The list of all derived files.
    case list
    case manifests
    /// The links to blobs, followed by the links to manifests by digest, children first.
    case contentLinks
    case tags
    /// Old files of a portable site's tags that now have a manifest of another kind.
    case staleTags
    /// Lists of the API, and the `oci-layout` file.
    case lists
    case contentTypes
    /// Paths of the API that the new contents don't have any more.
    case staleNames
    /// Configuration of servers and clients, and the guide to the programs.
    case derivedFiles
    /// The programs for people who use the medium.
    case programs
    case staleDerivedFiles
    /// Pages for browsers, written after all images that the pages name can be pulled.
    case pages
    case stalePages
    /// Blobs and manifests that no name reaches.
    case staleContent
    /// Files in .regstatic that the next run reads.
    case records
}

/// Files of a site to be removed, as paths from the site's folder.
struct StaleFiles {
    /// Files and links of the API.
    var names: [String] = []
    /// Blobs and copies of manifests.
    var content: [String] = []
}
