// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Streams

/// The error for a site that is locked by a run that writes it, or by a reader that keeps writers
/// out.
package struct LockedError: Error, Hashable, Sendable {
    /// The holder's description of itself, such as "process 4711 on build-01"; empty for readers.
    package let holder: String
}

/// A lock for one writer or any number of readers.
///
/// The kernel releases the lock when the process that holds it ends for any reason.
package final class SiteLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock without waiting, or throws an error that names the holder.
    package init(_ folder: Folder, path: String) throws {
        descriptor = try Self.take(folder, path)
        ftruncate(descriptor, 0)
        let holder = Array("process \(getpid()) on \(Self.hostName)\n".utf8)
        unsafe try holder.withUnsafeBytes {
            unsafe try Folder.write($0, to: descriptor, path: path)
        }
    }

    /// Keeps writers out while a site is read; nil if no run has ever written the site.
    ///
    /// This function never writes, because the medium may be read-only.
    package static func whileReading(_ folder: Folder, path: String) throws -> SiteLock? {
        let opened = try FileError.nilIfAbsent { () throws(FileError) in
            try folder.open(path, O_RDONLY | O_NONBLOCK)
        }
        guard let descriptor = opened else { return nil }
        try hold(descriptor, kind: LOCK_SH, in: folder, path: path)
        return SiteLock(descriptor: descriptor)
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Opens and locks the file; closes it if locking fails.
    private static func take(_ folder: Folder, _ path: String) throws -> Int32 {
        let descriptor = try folder.open(path, O_RDWR | O_CREAT | O_NONBLOCK, mode: 0o644)
        // Check and lock the file before changing it, because it may be someone else's file.
        try hold(descriptor, kind: LOCK_EX, in: folder, path: path)
        guard fchmod(descriptor, 0o644) == 0 || Folder.hasNoModes else {
            defer { close(descriptor) }
            throw FileError.last("lock", folder.absolute(path))
        }
        return descriptor
    }

    /// Locks the file without waiting, or closes it and throws the reason.
    private static func hold(
        _ descriptor: Int32,
        kind: Int32,
        in folder: Folder,
        path: String
    ) throws {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError("lock", folder.absolute(path), code: EINVAL)
        }
        // A file with several hard links could be someone else's data, and a writer would empty it.
        guard kind == LOCK_SH || status.st_nlink <= 1 else {
            close(descriptor)
            throw FileError("lock", folder.absolute(path), code: EMLINK)
        }
        guard flock(descriptor, kind | LOCK_NB) != 0 else { return }
        let code = errno
        close(descriptor)
        guard code == EWOULDBLOCK else {
            throw FileError("lock", folder.absolute(path), code: code)
        }
        let text = try folder.contents(path, limit: 4096)
            .map { String(decoding: $0, as: UTF8.self) }
        throw LockedError(holder: text?.split(separator: "\n").first.map(String.init) ?? "")
    }

    deinit {
        // Remove the holder's name from the file, because an unlocked file must not name a holder,
        // and the site must not depend on the machine that built it. (The call fails for a reader,
        // but a reader doesn't write a name.)
        ftruncate(descriptor, 0)
        // Unlock before closing, because a child process between fork and exec would keep the lock
        // for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static var hostName: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, unsafe gethostname(start, 255) == 0 else {
                return "this host"
            }
            return unsafe String(cString: start)
        }
    }
}
