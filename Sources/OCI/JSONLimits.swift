// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The reason why regstatic refuses a text as JSON.
package struct JSONError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case tooLarge(limit: Int)
        case tooDeep(limit: Int)
        case tooMany(limit: Int)
        case duplicateKey(String)
        case syntax(expected: String)
    }

    package let reason: Reason
    /// The byte offset of the error.
    package let offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// Limits for a document.
///
/// Every engine refuses manifests larger than 4 MiB.
package struct JSONLimits: Sendable {
    package var bytes: Int
    package var depth: Int
    /// The maximum number of values, which is limited because a value takes more memory than its
    /// text.
    package var values: Int

    package init(bytes: Int, depth: Int, values: Int = 1_000_000) {
        self.bytes = bytes
        self.depth = depth
        self.values = values
    }

    /// The limits for a manifest, an index or a config.
    package static let document = JSONLimits(bytes: 4 << 20, depth: 64)
    /// The limits for a list of many images in a site or an archive, such as `index.json` or
    /// `manifest.json`.
    package static let list = JSONLimits(bytes: 32 << 20, depth: 64, values: 1_600_000)
}
