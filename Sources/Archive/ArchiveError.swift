// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// Why an archive or a folder of files can't be read.
///
/// The error doesn't name the file: the caller that opened it does.
package enum ArchiveError: Error, Hashable, Sendable {
    /// The stream of bytes that holds the archive can't be read.
    case stream(StreamError)
    /// The bytes are not a tar, plain or in one of the known compressions.
    case notAnArchive
    /// A symbolic link in a folder, in the place of a file or folder.
    case link(String)
    /// A member whose path leads out of the archive.
    case outside(member: String)
    /// A member that the format allows, and that images don't need.
    case unsupported(member: String, kind: String)
    /// More than any real image has.
    case limit(what: String, limit: Int)
}

extension ArchiveError {
    /// The operating system can't open or look at a file of the input.
    package static func system(operation: String, errno: Int32) -> ArchiveError {
        .stream(.system(operation: operation, errno: errno))
    }

    /// The bytes end before the archive does.
    package static var truncated: ArchiveError { .stream(.truncated) }

    /// The bytes are not valid as an archive.
    package static func damaged(_ reason: String) -> ArchiveError { .stream(.damaged(reason)) }

    /// Whether only the permission is missing.
    package var isDenial: Bool { stream?.isDenial == true }

    /// Why the stream of bytes can't be read, if that is the error.
    package var stream: StreamError? {
        guard case .stream(let error) = self else { return nil }
        return error
    }
}
