// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The path and content of a small file that will be written.
package struct FileContent: Sendable {
    package let path: String
    package let bytes: [UInt8]
    /// Whether only the owner may read the file; false for all files of a site.
    package let isSecret: Bool

    package init(
        _ path: String,
        _ bytes: [UInt8],
        isSecret: Bool = false
    ) {
        self.path = path
        self.bytes = bytes
        self.isSecret = isSecret
    }
}

/// The path and target of a symbolic link that will be made.
package struct LinkContent: Sendable {
    package let path: String
    package let target: String

    package init(_ path: String, target: String) {
        self.path = path
        self.target = target
    }
}
