// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// The reason why an archive or a folder of files can't be read.
///
/// The error doesn't name the file, because the caller that opened the file names it.
package enum ArchiveError: Error, Hashable, Sendable {
    /// The stream that contains the archive can't be read.
    case stream(StreamError)
    /// The bytes are neither a plain tar nor a tar in one of the known compressions.
    case notAnArchive
    /// A symbolic link in the place of a required file or folder.
    case link(String)
    /// A member whose path leads out of the archive.
    case outside(member: String)
    /// A member that the tar format allows, but that images don't need.
    case unsupported(member: String, kind: String)
    /// A number in the archive that exceeds a limit, which no real image does.
    case limit(what: String, limit: Int)
}

extension ArchiveError {
    /// The operating system can't access a file of the input.
    package static func system(operation: String, errno: Int32) -> ArchiveError {
        .stream(.system(operation: operation, errno: errno))
    }

    /// The bytes end before the end of the archive.
    package static var truncated: ArchiveError { .stream(.truncated) }

    /// The bytes are not a valid archive.
    package static func damaged(_ reason: String) -> ArchiveError { .stream(.damaged(reason)) }

    /// Whether the only cause is a missing permission.
    package var isDenial: Bool { stream?.isDenial == true }

    /// The error of the stream; nil if the error has another cause.
    package var stream: StreamError? {
        guard case .stream(let error) = self else { return nil }
        return error
    }
}
