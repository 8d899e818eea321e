// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
package import Streams

// Functions for keys and certificates, which are small files in a folder that isn't a site.
extension Folder {
    /// Waits until no other run has locked this folder, then locks it until this `Folder` is
    /// released.
    ///
    /// The folder itself is locked, so no lock file is created. If the file system has no locks,
    /// this function doesn't wait.
    package func hold() { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }

    /// Writes files in this order, and replaces existing files; only the owner can ever read a
    /// secret file.
    package func replace(_ files: [FileContent]) throws(FileError) {
        for file in files {
            try remove(Self.temporary(file))
            try create(Self.temporary(file), file.bytes, mode: file.isSecret ? 0o600 : 0o644)
        }
        try flush()
        for file in files { try rename(Self.temporary(file), to: file.path) }
        try flush()
    }

    /// Whether a killed run left this file behind; the next run replaces it.
    package static func isLeftOver(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(suffix)
    }

    private static func temporary(_ file: FileContent) -> String { ".\(file.path)\(suffix)" }

    private static let suffix = ".regstatic-new"
}
