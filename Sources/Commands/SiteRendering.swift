// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Catalogue
internal import Certificates
internal import ClientKit
internal import Servers
internal import Site
internal import SiteModel
internal import Store
internal import Streams

extension Derived {
    /// Makes the renderers for a site, with the servers and template that the site stores unless
    /// the caller gives others.
    init(
        of site: SiteFolder,
        servers: Servers? = nil,
        pages: Catalogue? = nil
    ) throws {
        self.init(
            [try servers ?? Servers(of: site), KitFiles(), MediumGuide()],
            pages: try pages ?? Catalogue(of: site)
        )
    }
}

extension SiteUpdate {
    /// Opens an existing site to change it.
    ///
    /// With `dryRun`, the site is only read, to find out what a change would do.
    static func opening(_ path: String, dryRun: Bool = false) throws -> SiteUpdate {
        guard !dryRun else {
            let site = try SiteFolder.forReading(path)
            return SiteUpdate(site, try Derived(of: site), now: Timestamp.now.seconds)
        }
        let site = try SiteFolder.forWriting(path, creating: false)
        let update = SiteUpdate(site, try Derived(of: site), now: Timestamp.now.seconds)
        try update.finishLastRun()
        return update
    }
}

extension Servers {
    /// The servers for which a site has configuration; all of them for a new site.
    init(of site: SiteFolder) throws(FileError) {
        // Sites by earlier versions of regstatic record the chosen servers only as folders with
        // their names.
        let names =
            site.index.servers.isEmpty
            ? try site.store.folder.names(in: Servers.folder) : site.index.servers
        self.init(named: names, isNew: site.index.entries.isEmpty)
    }
}
