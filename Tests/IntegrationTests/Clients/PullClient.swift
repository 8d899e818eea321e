// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

/// A program that pulls images.
protocol PullClient {
    /// Pulls an image for linux/amd64 and says what arrived.
    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent

    /// Ends what had to be started first.
    func stop()
}

extension PullClient {
    func stop() {}
}

/// A program that finds a registry by files that lie where it looks for them.
protocol ConfiguredClient {
    /// Pulls an image for linux/amd64 by its full name and says what arrived.
    func pull(configured name: String) throws -> ImageContent
}
