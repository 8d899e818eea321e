// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Streams

/// Another run is writing the site, or reads it and wants it to stay as it is.
package struct LockedError: Error, Hashable, Sendable {
    /// What the holder says of itself, such as "process 4711 on build-01"; empty for readers.
    package let holder: String
}

/// One writer at a time, or any number of readers: a lock that the kernel drops when its holder dies, however it dies.
package final class SiteLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says at once who has it.
    package init(_ folder: Folder, path: String) throws {
        descriptor = try Self.take(folder, path)
        ftruncate(descriptor, 0)
        let holder = Array("process \(getpid()) on \(Self.hostName)\n".utf8)
        unsafe try holder.withUnsafeBytes {
            unsafe try Folder.write($0, to: descriptor, path: path)
        }
    }

    /// Keeps writers out while a site is read; nil where no writer ever was.
    ///
    /// Nothing is written: the site may be on a medium that can't be.
    package static func whileReading(_ folder: Folder, path: String) throws -> SiteLock? {
        let opened = try FileError.nilIfAbsent { () throws(FileError) in
            try folder.open(path, O_RDONLY | O_NONBLOCK)
        }
        guard let descriptor = opened else { return nil }
        try hold(descriptor, LOCK_SH, folder, path)
        return SiteLock(descriptor: descriptor)
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// The locked file; nothing is open if it can't be had.
    private static func take(_ folder: Folder, _ path: String) throws -> Int32 {
        let descriptor = try folder.open(path, O_RDWR | O_CREAT | O_NONBLOCK, mode: 0o644)
        // Checked and held first: nothing is changed in a file that isn't ours alone.
        try hold(descriptor, LOCK_EX, folder, path)
        guard fchmod(descriptor, 0o644) == 0 || Folder.hasNoModes else {
            defer { close(descriptor) }
            throw FileError.last("lock", folder.absolute(path))
        }
        return descriptor
    }

    /// Locks at once, or closes the file and says why not.
    private static func hold(
        _ descriptor: Int32,
        _ kind: Int32,
        _ folder: Folder,
        _ path: String
    ) throws {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError("lock", folder.absolute(path), code: EINVAL)
        }
        // Another name of the file may be anything: a writer empties its lock.
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
        // An unheld lock names nobody, and the tree doesn't depend on who built it. (A reader can't.)
        ftruncate(descriptor, 0)
        // Not by close alone: a child between fork and exec would keep it for a moment.
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
