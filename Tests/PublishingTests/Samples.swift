// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Publishing
import SiteModel
import Site
import SiteTestSupport
import Store

/// What the tests of this module publish.
enum Samples {
    /// A site of real archives: manifests of several kinds, and a referrer.
    static func site() throws -> BuiltSite {
        let site = try BuiltSite()
        try site.build(["oci-referrers", "docker28ctr-one.tar"].map(Fixture.path)) {
            $0.given = [GivenName("nginx")].compactMap(\.self)
        }
        return site
    }

    static func publication(_ site: BuiltSite, as form: RemoteForm) throws -> Publication {
        let folder = try SiteFolder.forReading(site.path)
        let graph = try folder.graph()
        var index = folder.index
        if form == .objects { return Publication(urlsOf: SitePlan(SiteContents(index, graph))) }
        index.layout = .portable
        return Publication(filesOf: SitePlan(SiteContents(index, graph)), index, derived: [])
    }

    static let bucket = RemoteTraits(
        form: .objects,
        copies: true,
        holdsRootKey: true,
        hash: .md5
    )

    /// What a remote lists that holds some objects.
    static func inventory(_ objects: [Publication.Object], hash: WeakHash? = .md5) -> Inventory {
        let lines = objects.map { object -> String in
            var hashes: [JSON.Member] = []
            if let hash, case .bytes(let bytes) = object.content {
                hashes = [JSON.Member(hash.rawValue, .string(hash.hex(of: bytes) ?? ""))]
            }
            let json = JSON.object([
                "Path": .string(object.key), "Size": .integer(object.size),
                "Hashes": .object(hashes),
            ])
            return String(decoding: json.canonicalBytes, as: UTF8.self) + ","
        }
        var inventory = Inventory(hash: hash)
        inventory.add(listing: Array((["["] + lines + ["]"]).joined(separator: "\n").utf8))
        return inventory
    }
}
