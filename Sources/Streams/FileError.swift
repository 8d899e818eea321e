// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A file-system call that failed.
package struct FileError: Error, Hashable, Sendable {
    /// What was tried, as a verb: "write", "rename".
    package let operation: String
    package let path: String
    package let code: Int32
    /// What was found out before anything was tried.
    package let shortage: Shortage?

    package init(
        _ operation: String,
        _ path: String,
        code: Int32,
        shortage: Shortage? = nil
    ) {
        self.operation = operation
        self.path = path
        self.code = code
        self.shortage = shortage
    }

    /// What can't fit, before the first byte of it is written.
    package struct Shortage: Error, Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case space
            case fileSize
        }

        package let kind: Kind
        /// Bytes.
        package let needed: Int
        package let available: Int

        package init(kind: Kind, needed: Int, available: Int) {
            (self.kind, self.needed, self.available) = (kind, needed, available)
        }
    }

    /// As if the medium had refused it.
    package init(_ operation: String, _ path: String, _ shortage: Shortage) {
        let code = shortage.kind == .space ? ENOSPC : EFBIG
        self.init(operation, path, code: code, shortage: shortage)
    }

    /// From `errno`, right after the call.
    package static func last(_ operation: String, _ path: String) -> FileError {
        FileError(operation, path, code: errno)
    }

    /// Runs a call; nil if it failed because nothing is at the path.
    package static func nilIfAbsent<Value>(
        _ body: () throws(FileError) -> Value
    ) throws(FileError) -> Value? {
        do throws(FileError) { return try body() } catch {
            guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
            return nil
        }
    }

    /// A symbolic link is in a place below a folder where it must not be.
    package var isLink: Bool { code == ELOOP && operation == Self.entering }
    package static let entering = "enter"
    /// Something of another kind is where a file or folder belongs.
    package var isOccupied: Bool { [EISDIR, ENOTDIR, EEXIST, ENOTEMPTY].contains(code) }
    /// The lock is a hard link to another file, or no file.
    package var isStrangeLock: Bool { operation == "lock" && [EMLINK, EINVAL].contains(code) }
    /// The medium itself, or the way to it, failed.
    package var isMediumFailing: Bool { [EIO, ENXIO, ENODEV, EUCLEAN, ESTALE].contains(code) }
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
    package var isTooLarge: Bool { code == EFBIG }
    package var isReadOnly: Bool { code == EROFS || code == EACCES || code == EPERM }

    /// The system's words.
    package var reason: String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
