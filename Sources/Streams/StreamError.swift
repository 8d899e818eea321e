// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// The reason why a stream of bytes can't be read to its end.
///
/// The error doesn't name the file, because the stream doesn't know its origin.
package enum StreamError: Error, Hashable, Sendable {
    /// The bytes end before the stream is complete, as in a copy that was cut off.
    case truncated
    /// The bytes are not a valid stream; the value is the decoder's message.
    case damaged(String)
    /// The operating system can't read the input.
    case system(operation: String, errno: Int32)
    /// The content of a compressed stream is larger than a limit, in bytes.
    case expansion(Scope, limit: Int)
    /// The store to which the bytes are written failed.
    case store(FileError)

    /// The content to which a limit for expanded bytes applies.
    package enum Scope: Hashable, Sendable { case layer, run }
}

extension StreamError {
    /// Whether the only cause is a missing permission.
    package var isDenial: Bool {
        guard case .system(_, let code) = self else { return false }
        return code == EACCES || code == EPERM
    }
}
