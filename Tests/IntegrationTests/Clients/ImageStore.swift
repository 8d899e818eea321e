// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

extension ImageContent {
    /// Reads the records of podman's or buildah's store: the layers' digests are of what was unpacked.
    init(of image: String, in root: String, driver: String) throws {
        func records(_ kind: String) throws -> [JSON] {
            let path = "\(root)/\(driver)-\(kind)/\(kind).json"
            return try JSON(parsing: try Tree.contents(path), limits: .list).array ?? []
        }
        let layers = try records("layers")
        guard let record = try records("images").first(where: { $0["id"]?.string == image }),
            let config = Digest(hex: image)
        else { throw Missing(description: "\(root) has no image \(image)") }
        var diffIDs: [Digest] = []
        var next = record["layer"]?.string
        while let id = next, let layer = layers.first(where: { $0["id"]?.string == id }) {
            if let digest = layer["diff-digest"]?.string.flatMap({ Digest($0) }) {
                diffIDs.insert(digest, at: 0)
            }
            next = layer["parent"]?.string
        }
        self.init(config: config, diffIDs: diffIDs)
    }
}
