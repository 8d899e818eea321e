// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Store
internal import Streams

/// A file of another input, or a blob of the store, that completes an input.
struct LentFile: Sendable {
    private enum Origin: Sendable {
        case input(any MemberSource, MemberFile)
        case store(BlobStore, Digest)
        /// The uncompressed content of a blob that is compressed.
        case content(BlobStore, Digest)
    }

    let path: MemberPath
    /// Size in bytes.
    let size: Int
    /// The place of the other input in the run; nil for a blob of the store.
    let lender: Int?
    private let origin: Origin

    /// Creates an unchecked value for a file of an input.
    init(_ file: MemberFile, in source: any MemberSource, lender: Int) {
        (path, size, origin) = (file.path, file.size, .input(source, file))
        self.lender = lender
    }

    /// Creates a value for a blob of the store; nil unless the blob exists and is intact.
    init?(_ digest: Digest, in store: BlobStore) {
        guard let path = MemberPath(digest.blobPath), let size = try? store.size(of: digest),
            (try? store.verify(digest, size: size)) != nil
        else { return nil }
        self.init(path: path, size: size, origin: .store(store, digest))
    }

    /// Creates a value for the uncompressed content of a layer in the store; nil unless the content
    /// has this diffID.
    init?(diffID: Digest, of layer: Digest, in store: BlobStore) {
        guard let path = MemberPath(diffID.blobPath) else { return nil }
        self.init(path: path, size: 0, origin: .content(store, layer))
        guard let size = size(ifHashedTo: diffID) else { return nil }
        self.init(path: path, size: size, origin: .content(store, layer))
    }

    private init(path: MemberPath, size: Int, origin: Origin) {
        (self.path, self.size, self.origin) = (path, size, origin)
        lender = nil
    }

    /// The form in which the file was stored while its archive was read.
    var spooled: SpooledMember? {
        switch origin {
        case .input(let source, let file): source.spooled(file)
        case .store, .content: nil
        }
    }

    func open() throws(ArchiveError) -> any ByteSource {
        switch origin {
        case .input(let source, let file): return try source.open(file)
        case .store(let store, let digest): return try Self.blob(digest, in: store)
        case .content(let store, let layer):
            let blob = try Self.blob(layer, in: store)
            do throws(StreamError) {
                let head = try blob.bytes(StreamFormat.sniffLength)
                return try StreamFormat(sniffing: head).decompressing(Prefixed(head, blob))
            } catch { throw .stream(error) }
        }
    }

    private static func blob(
        _ digest: Digest,
        in store: BlobStore
    ) throws(ArchiveError) -> StoredSource {
        do { return StoredSource(try store.reader(of: digest)) } catch {
            throw .stream(.store(error))
        }
    }

    /// Whether the file can be read and has this digest.
    func contains(_ digest: Digest) -> Bool { size(ifHashedTo: digest) != nil }

    /// The size of the file in bytes; nil unless the file can be read and has this digest.
    private func size(ifHashedTo digest: Digest) -> Int? {
        guard let source = try? open() else { return nil }
        var hash = SHA256()
        var size = 0
        while let bytes = try? source.bytes(Self.bufferSize) {
            guard !bytes.isEmpty else { return hash.finish() == digest ? size : nil }
            unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
            size += bytes.count
        }
        return nil
    }

    private static let bufferSize = 1 << 20
}
