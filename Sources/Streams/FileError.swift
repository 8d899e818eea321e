// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A file-system call that failed.
package struct FileError: Error, Hashable, Sendable {
    /// The failed operation as a verb, such as "write" or "rename".
    package let operation: String
    package let path: String
    package let code: Int32
    /// The lack of space, if it was found before the operation was tried.
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

    /// A lack of space that was found before the first byte was written.
    package struct Shortage: Error, Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case space
            case fileSize
        }

        package let kind: Kind
        /// The needed size in bytes.
        package let needed: Int
        package let available: Int

        package init(kind: Kind, needed: Int, available: Int) {
            (self.kind, self.needed, self.available) = (kind, needed, available)
        }
    }

    /// Makes an error for a lack of space, with the code that the medium would return.
    package init(_ operation: String, _ path: String, _ shortage: Shortage) {
        let code = shortage.kind == .space ? ENOSPC : EFBIG
        self.init(operation, path, code: code, shortage: shortage)
    }

    /// Makes an error from `errno`; call it directly after the failed call.
    package static func last(_ operation: String, _ path: String) -> FileError {
        FileError(operation, path, code: errno)
    }

    /// Runs a call; returns nil if it failed because the path doesn't exist.
    package static func nilIfAbsent<Value>(
        _ body: () throws(FileError) -> Value
    ) throws(FileError) -> Value? {
        do throws(FileError) { return try body() } catch {
            guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
            return nil
        }
    }

    /// Whether a symbolic link is in a place where links aren't allowed.
    package var isLink: Bool { code == ELOOP && operation == Self.entering }
    package static let entering = "enter"
    /// Whether another kind of file is in the place of a file or folder.
    package var isOccupied: Bool { [EISDIR, ENOTDIR, EEXIST, ENOTEMPTY].contains(code) }
    /// Whether a file is in the place of a folder.
    package var isNoFolder: Bool { code == ENOTDIR }
    /// Whether the path doesn't exist.
    package var isAbsent: Bool { code == ENOENT }
    /// Whether the lock file has other hard links, or isn't a regular file.
    package var isStrangeLock: Bool { operation == "lock" && [EMLINK, EINVAL].contains(code) }
    /// Whether the medium itself, or the connection to it, failed.
    package var isMediumFailing: Bool { [EIO, ENXIO, ENODEV, EUCLEAN, ESTALE].contains(code) }
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
    package var isTooLarge: Bool { code == EFBIG }
    /// Whether the medium is mounted for reading only.
    package var isReadOnlyMedium: Bool { code == EROFS }
    package var isReadOnly: Bool { code == EROFS || code == EACCES || code == EPERM }

    /// The system's error message.
    package var reason: String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
