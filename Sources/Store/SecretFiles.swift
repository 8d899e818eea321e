// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
package import Streams

// Small files in a folder that is no site: keys and certificates.
extension Folder {
    /// Waits for other runs that hold this folder; others wait until this value is gone.
    ///
    /// Leaves no file behind. File systems without locks let everyone in.
    package func hold() { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }

    /// Puts files at their places, in this order, over what is there; secrets are for the owner
    /// only, from the first byte on.
    package func replace(_ files: [FileContent]) throws(FileError) {
        for file in files {
            try remove(Self.temporary(file))
            try create(Self.temporary(file), file.bytes, mode: file.isSecret ? 0o600 : 0o644)
        }
        try flush()
        for file in files { try rename(Self.temporary(file), to: file.path) }
        try flush()
    }

    /// Whether a file is what a run that died left behind; the next one replaces it.
    package static func isLeftOver(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(suffix)
    }

    private static func temporary(_ file: FileContent) -> String { ".\(file.path)\(suffix)" }

    private static let suffix = ".regstatic-new"
}
