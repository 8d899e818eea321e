// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel
internal import Store
package import Streams

extension SiteFolder {
    /// Reads the record of the inputs of the site's images.
    package func inputs() throws(FileError) -> InputCache {
        let bytes = try store.folder.contents(SitePath.inputs, limit: JSONLimits.list.bytes)
        return InputCache(bytes.flatMap { try? JSON(parsing: $0, limits: .list) } ?? .null)
    }

    /// Reads the times at which each image of the site was first seen as replaced.
    package func replacedTimes() throws(FileError) -> ReplacedTimes {
        let path = ReplacedTimes.path
        let bytes = try store.folder.contents(path, limit: JSONLimits.list.bytes)
        return ReplacedTimes(bytes.flatMap { try? JSON(parsing: $0, limits: .list) })
    }
}
