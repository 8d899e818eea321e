// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// What went wrong while reading an archive or a compressed stream.
///
/// It doesn't name the file: whoever opened it does.
package enum ArchiveError: Error, Hashable, Sendable {
    /// The bytes are no tar, plain or in one of the known compressions.
    case notAnArchive
    /// The bytes end before the archive does; a copy was cut off.
    case truncated
    /// libarchive's words on a damaged stream.
    case damaged(String)
    /// The operating system refused: errno.
    case system(operation: String, errno: Int32)
    /// A symbolic link in a folder, where a file or folder is needed.
    case link(String)
    /// A member that leaves the archive's root.
    case outside(member: String)
    /// A member that the format allows and no image needs.
    case unsupported(member: String, kind: String)
    /// A compressed stream that expands further than anything honest.
    case expansion(ratio: Int)
    /// More than what any real image has.
    case limit(what: String, limit: Int)
}

extension ArchiveError {
    /// Whether the operating system only lacks the permission.
    package var isDenial: Bool {
        guard case .system(_, let code) = self else { return false }
        return code == EACCES || code == EPERM
    }
}
