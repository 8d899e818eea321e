// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import Streams

/// A temporary file in the staging folder that is written in order and read at any place.
///
/// It is never moved into the store, so it is neither hashed nor flushed. It is removed with the value,
/// or, after a killed run, by the next one.
package final class ScratchFile {
    private let folder: Folder
    private let name: String
    private let descriptor: Int32
    /// Size in bytes.
    package private(set) var size = 0

    fileprivate init(_ folder: Folder, name: String) throws(FileError) {
        (self.folder, self.name) = (folder, name)
        descriptor = try folder.create(name, reading: true)
    }

    deinit {
        close(descriptor)
        try? folder.remove(name)
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        unsafe try Folder.write(bytes, to: descriptor, path: folder.absolute(name))
        size += bytes.count
    }

    /// Opens the file again; the reader stays valid when the file is removed.
    package func reader() throws(FileError) -> FileReader {
        guard let reader = try folder.reader(name) else {
            throw FileError("open", folder.absolute(name), code: ENOENT)
        }
        return reader
    }

    /// Fills the buffer from an offset, and returns the number of bytes read, which is less than the
    /// buffer's size only at the end of the file.
    package func read(
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileError) -> Int {
        do throws(SystemRead.Failure) {
            return unsafe try SystemRead.fill(buffer, from: descriptor, at: offset)
        } catch {
            throw FileError("read", folder.absolute(name), code: error.errno)
        }
    }
}

extension BlobStore {
    /// Makes an empty temporary file.
    package func makeScratchFile() throws(FileError) -> ScratchFile {
        try ScratchFile(try stagingFolder(), name: stagingName())
    }
}
