// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Site
package import OCI

/// The servers that a site has configuration for.
package struct Servers: Sendable {
    private let chosen: [WebServer]

    package init(_ chosen: [WebServer] = WebServer.allCases) { self.chosen = chosen }

    /// Those of a site whose folders below `servers/` have these names; all of them for a new site.
    package init(named names: [String], isNew: Bool) {
        let present = WebServer.allCases.filter { names.contains($0.rawValue) }
        self.init(present.isEmpty && isNew ? WebServer.allCases : present)
    }

    package static let folder = "servers"

    /// All files below `servers/`, for the site that a plan describes.
    package func files(for plan: SitePlan) -> [FileContent] { chosen.flatMap { $0.files(plan) } }
}
