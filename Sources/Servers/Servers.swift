// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
package import OCI

/// The web servers for which a site has configuration.
package struct Servers: DerivedFiles {
    private let chosen: [WebServer]

    package init(_ chosen: [WebServer] = WebServer.allCases) { self.chosen = chosen }

    /// Chooses the servers with these names; if no name is known and the site is new, chooses all
    /// servers.
    package init(named names: [String], isNew: Bool) {
        let present = WebServer.allCases.filter { names.contains($0.rawValue) }
        self.init(present.isEmpty && isNew ? WebServer.allCases : present)
    }

    package var names: [String] { chosen.map(\.rawValue) }

    package static let folder = SitePath.servers

    /// Renders all files below `servers/`.
    package func files(for contents: SiteContents, _ plan: SitePlan) -> [FileContent] {
        chosen.flatMap { $0.files(plan) }
    }
}
