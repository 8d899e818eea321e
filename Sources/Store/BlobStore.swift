// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
package import Streams
internal import Synchronization

/// A blob that is missing, or whose bytes are not what its name says.
package enum BlobError: Error, Hashable, Sendable {
    case missing(Digest)
    case mismatch(expected: Digest, found: Digest)
    case size(Digest, expected: Int, found: Int)
    case tooLarge(Digest, limit: Int)
}

/// The content-addressed heart of a site: `blobs/sha256/<hex>`, and the folder for work in progress.
package final class BlobStore: Sendable {
    package let folder: Folder
    private let counter = Atomic<Int>(0)

    package init(_ folder: Folder) {
        self.folder = folder
    }

    /// Our own state, not part of what is served.
    package static let state = ".regstatic"
    /// Work in progress, which the next run removes.
    package static let staging = ".regstatic/tmp"

    /// Makes the folders of an empty store, and removes what a killed run left behind.
    package func prepare() throws(FileError) {
        for path in [Digest.blobFolder, Self.staging] { try folder.makeFolders(path) }
        try clearStaging()
    }

    package func clearStaging() throws(FileError) {
        for name in try folder.names(in: Self.staging) {
            let path = "\(Self.staging)/\(name)"
            if try folder.status(path) == .folder {
                folder.clear(path)
                folder.removeFolder(path)
            } else {
                try folder.remove(path)
            }
        }
    }

    /// Why the medium can't hold names with `:` or symbolic links; nil if it can.
    ///
    /// FAT, exFAT and NTFS answer with errors as different as "invalid argument" and "no such file":
    /// any error means that it can't.
    package func refusalOfPlainNames() -> FileError? {
        let name = "\(stagingPath()):probe"
        do throws(FileError) {
            try folder.createLink(name, to: "probe")
            try folder.remove(name)
            return nil
        } catch { return error }
    }

    // MARK: Writing

    /// Refuses blobs that can't fit: for certain, as they will be written as they are.
    ///
    /// Before the first byte, not after an hour.
    package func checkRoom(for blobs: [Digest: Int]) throws(FileError) {
        var sizes: [Int] = []
        for (digest, size) in blobs where try self.size(of: digest) != size { sizes.append(size) }
        let room = try folder.room()
        do { try room.check(sizes) } catch {
            throw FileError("write", folder.path, error)
        }
    }

    /// A name in the staging folder that no one has.
    func stagingPath() -> String {
        "\(Self.staging)/\(counter.add(1, ordering: .relaxed).newValue)"
    }

    package func makeWriter(hashing: Bool = true) throws(FileError) -> BlobWriter {
        try BlobWriter(folder, path: stagingPath(), hashing: hashing)
    }

    /// Stages a document.
    package func stage(_ bytes: [UInt8]) throws(FileError) -> StagedBlob {
        let writer = try makeWriter()
        unsafe try bytes.span.bytes.withUnsafeBytes { (buffer) throws(FileError) in
            unsafe try writer.write(buffer)
        }
        return try writer.finish()
    }

    /// Stages the documents that the store lacks, or has damaged.
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

    /// Makes staged blobs part of the store: all flushed, then each renamed, in their order.
    ///
    /// What stands at a digest is thus whole, whatever happens; that it stands there is on the medium
    /// only after the next flush, which precedes everything that refers to it.
    package func commit(_ blobs: [StagedBlob]) throws(FileError) {
        guard !blobs.isEmpty else { return }
        try folder.flush()
        // Images of one archive share layers, and so the file that becomes one.
        var done: Set<StagedBlob> = []
        for blob in blobs where done.insert(blob).inserted {
            try folder.rename(blob.path, to: blob.digest.blobPath)
        }
    }

    /// The bytes of a staged blob.
    package func reader(staged blob: StagedBlob) throws(FileError) -> FileReader {
        guard let reader = try folder.reader(blob.path) else {
            throw FileError("open", folder.absolute(blob.path), code: ENOENT)
        }
        return reader
    }

    // MARK: Reading

    /// The size of a blob, unread; nil if it isn't there.
    package func size(of digest: Digest) throws(FileError) -> Int? {
        guard case .file(let size) = try folder.status(digest.blobPath) else { return nil }
        return size
    }

    /// Reads a blob to its end and checks it.
    ///
    /// - Throws: `BlobError` on what is wrong with it, `FileError` if it can't be read.
    package func verify(_ digest: Digest, size: Int?, progress: (Int) -> Void = { _ in }) throws {
        unsafe try read(digest, size: size) { bytes in progress(bytes.count) }
    }

    /// Copies a blob, and checks it on the way: what was written counts only if nothing is thrown.
    ///
    /// - Throws: as `verify`.
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
        let found = unsafe try Self.hash(reader, each: each)
        guard found == digest else { throw BlobError.mismatch(expected: digest, found: found) }
    }

    /// A document in the store, checked against its digest.
    package func document(_ digest: Digest, limit: Int = JSONLimits.document.bytes) throws
        -> [UInt8]
    {
        guard let size = try size(of: digest) else { throw BlobError.missing(digest) }
        guard size <= limit else { throw BlobError.tooLarge(digest, limit: limit) }
        guard let bytes = try folder.contents(digest.blobPath, limit: limit) else {
            throw BlobError.missing(digest)
        }
        let found = Digest(of: bytes)
        guard found == digest else { throw BlobError.mismatch(expected: digest, found: found) }
        return bytes
    }

    private static func hash(
        _ reader: FileReader,
        each: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) -> Digest {
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        while true {
            let count = unsafe try reader.read(into: buffer)
            guard count > 0 else { return hash.finish() }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe hash.update(bytes)
            unsafe try each(bytes)
        }
    }
}
