// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Site
package import Store

/// The servers that a site has configuration for.
package struct Servers: Sendable {
    private let chosen: [WebServer]

    package init(_ chosen: [WebServer] = WebServer.allCases) { self.chosen = chosen }

    /// Those that a site has already; all of them for a new one.
    package init(of site: SiteFolder) throws(FileError) {
        let names = try site.store.folder.names(in: "servers")
        let present = WebServer.allCases.filter { names.contains($0.rawValue) }
        self.init(present.isEmpty && site.index.entries.isEmpty ? WebServer.allCases : present)
    }

    /// All files below `servers/`, for the site that a plan describes.
    package func files(for plan: SitePlan) -> [FileContent] { chosen.flatMap { $0.files(plan) } }
}
