// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import OCI
package import Streams

/// A complete, hashed blob that still has a temporary name in the staging folder.
package struct StagedBlob: Hashable, Sendable {
    package let digest: Digest
    /// Size in bytes.
    package let size: Int
    /// The temporary name in the staging folder.
    let name: String
}

/// Writes one blob under a temporary name, and hashes it while writing.
///
/// Only one thread at a time may use a writer.
@safe package final class BlobWriter {
    private let folder: Folder
    private let name: String
    /// The open file, which is closed as soon as the blob is finished, because an archive may have
    /// more layers than a process may have open files.
    private var descriptor: Int32
    private var hash: SHA256? = SHA256()
    private var size = 0
    private var flushing = 0
    /// Whether the file already has all its bytes, which it shares with another file.
    private var isClone = false

    init(_ folder: Folder, name: String) throws(FileError) {
        self.folder = folder
        self.name = name
        descriptor = try folder.create(name, reading: true)
    }

    deinit { closeFile() }

    /// Makes the blob share all bytes of another file, if the file system can do this.
    ///
    /// If the result is true, the caller must get the bytes from `readClone`, which hashes them. Bytes
    /// of the other file could differ, because that file may change.
    package func clone(_ file: Int32) -> Bool {
        isClone = linux_share_bytes(descriptor, file) == 0
        return isClone
    }

    /// Reads the next shared bytes; returns fewer than the buffer's size only at the end.
    package func readClone(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        do throws(SystemRead.Failure) {
            let count = unsafe try SystemRead.fill(buffer, from: descriptor)
            unsafe hash?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += count
            return count
        } catch {
            throw FileError("read", folder.absolute(name), code: error.errno)
        }
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        unsafe try bytes.span.bytes.withUnsafeBytes { (buffer) throws(FileError) in
            unsafe try write(buffer)
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        unsafe hash?.update(bytes)
        unsafe try Folder.write(bytes, to: descriptor, path: folder.absolute(name))
        size += bytes.count
        startFlushing()
    }

    /// Completes the blob; a writer can be finished only once.
    package func finish() throws(FileError) -> StagedBlob {
        guard let digest = hash.take()?.finish() else {
            preconditionFailure("the blob is already finished")
        }
        try Folder.flushOnOldKernel(descriptor, path: folder.absolute(name))
        closeFile()
        return StagedBlob(digest: digest, size: size, name: name)
    }

    /// Removes the temporary file.
    package func discard() throws(FileError) {
        closeFile()
        try folder.remove(name)
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Makes the kernel write to the disk while compression continues, so that the flush before the
    /// rename is short.
    private func startFlushing() {
        guard size - flushing >= 8 << 20 else { return }
        _ = linux_start_writeback(descriptor, Int64(flushing), Int64(size - flushing))
        flushing = size
    }
}
