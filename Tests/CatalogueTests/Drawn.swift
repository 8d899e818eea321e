// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Catalogue
import OCI
import SiteModel
import Site
import SiteTestSupport
import TestSupport

/// A site with its pages.
struct Drawn {
    let site: BuiltSite
    let catalogue: Catalogue

    init(_ inputs: [String], _ catalogue: Catalogue = Catalogue()) throws {
        site = try BuiltSite()
        self.catalogue = catalogue
        try site.build(inputs, pages: catalogue) { $0.replace = true }
    }

    /// A site of one image with this configuration, besides what every one has.
    init(config members: [JSON.Member], name: String = "app:1") throws {
        var image = SyntheticImage.small
        guard case .object(let own) = try JSON(parsing: image.config) else {
            fatalError("an object")
        }
        image.config = JSON.object(own + members).canonicalBytes
        let folder = try TemporaryFolder()
        let archive = try folder.write("image.tar", TarBuilder.tar(image.dockerArchive([name])))
        try self.init([archive])
    }

    var front: String { get throws { try page("index.html") } }

    func page(_ path: String) throws -> String {
        try String(decoding: site.folder.read("site/\(path)"), as: UTF8.self)
    }

    /// The files that a browser may ask for.
    var pages: [String: Tree.Entry] {
        get throws {
            try site.published()
                .filter { $0.key == "index.html" || $0.key.hasPrefix("catalogue/") }
        }
    }
}
