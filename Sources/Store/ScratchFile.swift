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
    /// The open file; its own size is that of the empty file.
    private let file: FileReader
    /// Size in bytes.
    package private(set) var size = 0

    fileprivate init(_ folder: Folder, name: String) throws(FileError) {
        (self.folder, self.name) = (folder, name)
        let path = folder.absolute(name)
        let descriptor = try folder.create(name, reading: true)
        guard let file = try FileReader(descriptor: descriptor, path: path) else {
            throw FileError("create", path, code: EINVAL)
        }
        self.file = file
    }

    deinit { try? folder.remove(name) }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        unsafe try Folder.write(bytes, to: file.descriptor, path: folder.absolute(name))
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
        unsafe try file.read(at: offset, into: buffer)
    }
}

extension BlobStore {
    /// Makes an empty temporary file.
    package func makeScratchFile() throws(FileError) -> ScratchFile {
        try ScratchFile(try stagingFolder(), name: stagingName())
    }
}
