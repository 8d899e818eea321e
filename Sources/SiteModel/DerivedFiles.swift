// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Files that follow from the contents of a site: configuration of servers, files for clients.
///
/// A type that conforms touches no disk.
package protocol DerivedFiles: Sendable {
    /// A folder of the site that has these files and no others; nil if others may lie beside them.
    var ownFolder: String? { get }

    /// Renders the files.
    func files(for contents: SiteContents, _ plan: SitePlan) -> [FileContent]
}

extension DerivedFiles {
    package var ownFolder: String? { nil }
}
