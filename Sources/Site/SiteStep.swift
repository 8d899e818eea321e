// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Store

/// A step that publishes staged files or removes old ones; `allCases` is the order.
///
/// At every step, a client can pull each tag whole: the blobs are in the store before the first step,
/// names of content come before tags, and what leads to other files is removed first.
package enum SiteStep: CaseIterable, Sendable {
    /// content-types.json without resources that the new contents lack. At no moment may it name
    /// images that index.json lacks, because that is how a damaged index.json is found.
    case shorterContentTypes
    /// index.json: from now on the site has the new contents.
    case index
    /// The list of all derived files.
    case list
    case manifests
    /// The links to blobs, then to manifests by digest, children first.
    case contentLinks
    case tags
    /// The files of a portable site's tags that now name manifests of other kinds.
    case staleTags
    /// Lists of the API, and the mark of an OCI layout.
    case lists
    case contentTypes
    /// Names in the API that don't follow from index.json any more.
    case staleNames
    /// Configuration of servers and clients.
    case derivedFiles
    case staleDerivedFiles
    /// Pages for browsers, which name only images that clients can pull by now.
    case pages
    case stalePages
    /// Blobs and manifests that no name reaches.
    case staleContent
    /// What regstatic keeps for the next run.
    case records
}

/// Files of a site to be removed, as paths from the site's folder.
struct StaleFiles {
    /// Files and links of the API.
    var names: [String] = []
    /// Blobs and copies of manifests.
    var content: [String] = []
}
