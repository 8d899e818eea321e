// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI

/// An engine that takes images from archives.
protocol LoadClient {
    /// Loads an archive and says what has arrived under a name, for linux/amd64.
    func load(_ archive: String, _ name: String) throws -> ImageContent
}
