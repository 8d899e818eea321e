// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Files that are rendered from the contents of a site, for example configuration of servers.
///
/// A conforming type never accesses the disk.
package protocol DerivedFiles: Sendable {
    /// The folder of the site that contains only these files; nil if the folders of these files may
    /// also contain other files.
    var ownFolder: String? { get }

    /// Renders the files.
    func files(for contents: SiteContents, _ plan: SitePlan) -> [FileContent]
}

extension DerivedFiles {
    package var ownFolder: String? { nil }
}
