// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Store
import Streams

extension Folder {
    /// Stages links and publishes them.
    ///
    /// - Returns: how many changed.
    @discardableResult
    func put(_ links: [LinkContent]) throws -> Int {
        var staged = StagedFiles(BlobStore(self))
        try staged.add(links)
        return try staged.publish()
    }
}
