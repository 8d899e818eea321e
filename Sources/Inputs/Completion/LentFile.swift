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
    }

    let path: MemberPath
    /// Size in bytes.
    let size: Int
    /// The place of the other input in the run; nil for a blob of the store.
    let lender: Int?
    private let origin: Origin

    /// A file of an input, which isn't checked yet.
    init(_ file: MemberFile, in source: any MemberSource, lender: Int) {
        (path, size, origin) = (file.path, file.size, .input(source, file))
        self.lender = lender
    }

    /// A blob of the store; nil unless it is there and intact.
    init?(_ digest: Digest, in store: BlobStore) {
        guard let path = MemberPath(digest.blobPath), let size = try? store.size(of: digest),
            (try? store.verify(digest, size: size)) != nil
        else { return nil }
        (self.path, self.size, origin) = (path, size, .store(store, digest))
        lender = nil
    }

    /// The form in which the file was stored while its archive was read.
    var spooled: SpooledMember? {
        switch origin {
        case .input(let source, let file): source.spooled(file)
        case .store: nil
        }
    }

    func open() throws(ArchiveError) -> any ByteSource {
        switch origin {
        case .input(let source, let file): return try source.open(file)
        case .store(let store, let digest):
            do { return StoredSource(try store.reader(of: digest)) } catch {
                throw .stream(.store(error))
            }
        }
    }

    /// Whether the file can be read and has this digest.
    func contains(_ digest: Digest) -> Bool {
        guard let source = try? open() else { return false }
        var hash = SHA256()
        while true {
            guard let bytes = try? source.bytes(Self.bufferSize) else { return false }
            guard !bytes.isEmpty else { return hash.finish() == digest }
            unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
        }
    }

    private static let bufferSize = 1 << 20
}
