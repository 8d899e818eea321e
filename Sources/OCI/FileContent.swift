// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A small file as it shall be.
package struct FileContent: Sendable {
    package let path: String
    package let bytes: [UInt8]
    /// Whether another content would have another name: what has its size is then taken for it.
    package let isNamedByContent: Bool
    /// For the owner's eyes only; nothing in a site is.
    package let isSecret: Bool

    package init(
        _ path: String,
        _ bytes: [UInt8],
        isNamedByContent: Bool = false,
        isSecret: Bool = false
    ) {
        self.path = path
        self.bytes = bytes
        self.isNamedByContent = isNamedByContent
        self.isSecret = isSecret
    }
}

/// A symbolic link as it shall be.
package struct LinkContent: Sendable {
    package let path: String
    package let target: String

    package init(_ path: String, target: String) {
        self.path = path
        self.target = target
    }
}
