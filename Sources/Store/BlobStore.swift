// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
package import Streams
internal import Synchronization

/// The content-addressed store of a site, which has the blobs `blobs/sha256/<hex>` and the staging
/// folder.
package final class BlobStore: Sendable {
    package let folder: Folder
    private let counter = Atomic<Int>(0)
    private let opened = Mutex<Folder?>(nil)
    private let added = Atomic<Int>(0)
    private let replaced = Atomic<Int>(0)

    /// The number of blobs that `commit` moved into the store, and the number of these that replaced
    /// a damaged file.
    package var committed: (all: Int, replaced: Int) {
        (added.load(ordering: .relaxed), replaced.load(ordering: .relaxed))
    }

    package init(_ folder: Folder) {
        self.folder = folder
    }

    /// The folder of regstatic's own state, which is not served.
    package static let state = StateFolder.path
    /// The folder for temporary files, which the next run removes.
    package static let staging = ".regstatic/tmp"

    /// Makes the folders of an empty store, and removes the temporary files of a killed run.
    package func prepare() throws(FileError) {
        for path in [Digest.blobFolder, Self.staging] { try folder.makeFolders(path) }
        // Remove records of layers, which earlier versions kept in the site.
        folder.removeTree("\(Self.state)/layers")
        try clearStaging()
    }

    /// Removes temporary files, except for these blobs.
    package func clearStaging(except kept: Set<StagedBlob> = []) throws(FileError) {
        let kept = Set(kept.map(\.name))
        for name in try folder.names(in: Self.staging) where !kept.contains(name) {
            let path = "\(Self.staging)/\(name)"
            if try folder.status(path) == .folder {
                folder.clear(path)
                folder.removeFolder(path)
            } else {
                try folder.remove(path)
            }
        }
    }

    /// Returns an error if the medium can't hold names with `:` or symbolic links; nil if it can
    /// hold them.
    ///
    /// Any error counts as a refusal, because FAT, exFAT and NTFS return errors as different as
    /// "invalid argument" and "no such file".
    package func refusalOfPlainNames() -> FileError? {
        let name = "\(stagingName()):probe"
        do throws(FileError) {
            try stagingFolder().createLink(name, to: "probe")
            try stagingFolder().remove(name)
            return nil
        } catch { return error }
    }

    // MARK: Writing

    /// Checks the free space before the first byte is written, so that a run doesn't fail only
    /// after an hour.
    ///
    /// This check needs only the sizes, which are known because the blobs are written unchanged.
    package func checkRoom(for blobs: [Digest: Int]) throws(FileError) {
        var sizes: [Int] = []
        for (digest, size) in blobs where try self.size(of: digest) != size { sizes.append(size) }
        try checkRoom(sizes)
    }

    /// Checks whether the medium has room for new files of these sizes.
    package func checkRoom(_ sizes: [Int]) throws(FileError) {
        let room = try folder.room()
        do { try room.check(sizes) } catch {
            throw FileError("write", folder.path, error)
        }
    }

    /// The staging folder, opened once for all temporary files of a run.
    func stagingFolder() throws(FileError) -> Folder {
        try opened.withLock { (opened) throws(FileError) in
            if let opened { return opened }
            let folder = try Folder(Self.staging, below: folder)
            opened = folder
            return folder
        }
    }

    /// Returns an unused name in the staging folder.
    func stagingName() -> String { String(counter.add(1, ordering: .relaxed).newValue) }

    /// Makes a writer for a blob.
    package func makeWriter() throws(FileError) -> BlobWriter {
        try BlobWriter(try stagingFolder(), name: stagingName())
    }

    /// Stages a document.
    package func stage(_ bytes: [UInt8]) throws(FileError) -> StagedBlob {
        let writer = try makeWriter()
        try writer.write(bytes)
        return try writer.finish()
    }

    /// Stages the documents that are missing or damaged in the store.
    package func stage(missing documents: [RawDocument]) throws(FileError) -> [StagedBlob] {
        var seen: Set<Digest> = []
        var staged: [StagedBlob] = []
        for document in documents where seen.insert(document.digest).inserted {
            let path = document.digest.blobPath
            let stored = try folder.contents(path, limit: document.bytes.count)
            if stored != document.bytes { staged.append(try stage(document.bytes)) }
        }
        return staged
    }

    /// Moves staged blobs into the store, by flushing all of them and then renaming each one in
    /// order.
    ///
    /// So a blob in the store is always complete. A rename reaches the medium only with the next
    /// flush, but regstatic puts no file that refers to the blob in its place before this flush.
    package func commit(_ blobs: [StagedBlob]) throws(FileError) {
        guard !blobs.isEmpty else { return }
        try folder.flush()
        // Images of one archive share layers, so several images may have the same staged file.
        var done: Set<StagedBlob> = []
        for blob in blobs where done.insert(blob).inserted {
            let isReplacing = try folder.status(blob.digest.blobPath) != nil
            try folder.replace(blob.digest.blobPath, by: blob.name, in: stagingFolder())
            added.add(1, ordering: .relaxed)
            if isReplacing { replaced.add(1, ordering: .relaxed) }
        }
    }

    /// Moves a staged blob to a path outside the store, without a flush.
    package func move(_ blob: StagedBlob, to path: String) throws(FileError) {
        try folder.replace(path, by: blob.name, in: stagingFolder())
    }

    /// Removes a staged blob that isn't needed any more.
    package func discard(_ blob: StagedBlob) throws(FileError) {
        try stagingFolder().remove(blob.name)
    }

    /// Opens a staged blob, even if it was moved into the store in the meantime.
    package func reader(staged blob: StagedBlob) throws(FileError) -> FileReader {
        if let reader = try stagingFolder().reader(blob.name) { return reader }
        return try reader(of: blob.digest)
    }

    // MARK: Reading

    /// The size of a blob, without reading it; nil if it doesn't exist.
    package func size(of digest: Digest) throws(FileError) -> Int? {
        guard case .file(let size) = try folder.status(digest.blobPath) else { return nil }
        return size
    }

    /// Opens a blob, without a check of its content.
    package func reader(of digest: Digest) throws(FileError) -> FileReader {
        guard let reader = try folder.reader(digest.blobPath) else {
            throw FileError("open", folder.absolute(digest.blobPath), code: ENOENT)
        }
        return reader
    }

    /// Reads a blob to its end and checks it.
    ///
    /// - Throws: `BlobError` if it is missing or damaged, `FileError` if it can't be read.
    package func verify(_ digest: Digest, size: Int?, progress: (Int) -> Void = { _ in }) throws {
        unsafe try read(digest, size: size) { bytes in progress(bytes.count) }
    }

    /// Copies a blob and checks it on the way; the output is valid only if nothing is thrown.
    ///
    /// - Throws: the same errors as `verify`.
    package func copy(
        _ digest: Digest,
        size: Int,
        to output: OutputFile,
        progress: (Int) -> Void
    ) throws {
        unsafe try read(digest, size: size) { (bytes) throws(FileError) in
            unsafe try output.write(bytes)
            progress(bytes.count)
        }
    }

    /// Appends a blob to another one, and checks it on the way.
    ///
    /// - Throws: the same errors as `verify`.
    package func append(_ digest: Digest, size: Int, to writer: BlobWriter) throws {
        unsafe try read(digest, size: size) { (bytes) throws(FileError) in
            unsafe try writer.write(bytes)
        }
    }

    private func read(
        _ digest: Digest,
        size: Int?,
        each: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws {
        guard let reader = try folder.reader(digest.blobPath) else {
            throw BlobError.missing(digest)
        }
        if let size, size != reader.size {
            throw BlobError.size(digest, expected: size, found: reader.size)
        }
        let found = unsafe try reader.digest(each: each)
        guard found == digest else { throw BlobError.mismatch(expected: digest, found: found) }
    }

    /// Reads a document from the store, and checks it against its digest.
    package func document(_ digest: Digest, limit: Int = JSONLimits.document.bytes) throws
        -> [UInt8]
    {
        guard let reader = try folder.reader(digest.blobPath) else {
            throw BlobError.missing(digest)
        }
        guard reader.size <= limit else { throw BlobError.tooLarge(digest, limit: limit) }
        guard let bytes = try reader.contents(limit: limit) else {
            throw BlobError.missing(digest)
        }
        let found = Digest(of: bytes)
        guard found == digest else { throw BlobError.mismatch(expected: digest, found: found) }
        return bytes
    }
}
