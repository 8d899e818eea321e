// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// The folder `clients/` of a site: empty until the site has an address.
package struct KitFiles: DerivedFiles {
    package init() {}

    package var ownFolder: String? { ClientKit.folder }

    package func files(for contents: SiteContents, _ plan: SitePlan) -> [FileContent] {
        contents.clientKit?.files ?? []
    }
}

extension SiteContents {
    /// The client kit; nil if the address of the site is unknown.
    package var clientKit: ClientKit? { ClientKit(index.kit, example: example) }
}
