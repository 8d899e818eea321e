// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Compression
internal import Inputs
package import OCI
package import Patches
internal import Store
internal import Streams

/// Raw layers in temporary files, so that patches can read them at any place.
///
/// The layers of one image often have the same bases, so a layer stays until `keep` drops it.
final class RawLayers {
    private let scratch: BlobStore
    private let cache: LayerCache
    private let budget = ExpansionBudget()
    private var files: [Digest: ScratchFile] = [:]

    /// Creates an empty collection with its temporary files in a store's staging folder.
    ///
    /// `cache` may have records of layers that regstatic encoded on this machine.
    init(in scratch: BlobStore, cache: LayerCache = LayerCache(nil)) {
        (self.scratch, self.cache) = (scratch, cache)
    }

    /// The raw layer with a diffID, which is decompressed from a blob of a store.
    ///
    /// - Throws: `PatchFailure.base` if the blob has another diffID or is damaged, `FileError`.
    func file(_ diffID: Digest, of layer: Digest, in store: BlobStore) throws -> FileReader {
        if let file = files[diffID] { return try file.reader() }
        let file = try scratch.makeScratchFile()
        unsafe try check(diffID, of: layer, in: store) { (bytes) throws(FileError) in
            unsafe try file.append(bytes)
        }
        files[diffID] = file
        return try file.reader()
    }

    /// The raw bytes of a layer, of which nothing is checked.
    ///
    /// - Throws: `FileError`; `StreamError` if the layer has no valid header.
    func stream(_ layer: Digest, in store: BlobStore) throws -> any ByteSource {
        try RawLayer.decoded(StoredSource(store.reader(of: layer)), within: budget)
    }

    /// Decompresses a layer, and checks that it has a diffID.
    ///
    /// If a record says that regstatic encoded the raw layer as this blob, it is enough to check the
    /// blob, which is smaller.
    ///
    /// - Throws: `PatchFailure.base` if it has another one or is damaged, `FileError`.
    func check(
        _ diffID: Digest,
        of layer: Digest,
        in store: BlobStore,
        each: (UnsafeRawBufferPointer) throws(FileError) -> Void = { _ in }
    ) throws {
        let isRecorded = cache.says(layer, encodes: diffID)
        let blob = BlobSource(try store.reader(of: layer), isHashed: isRecorded)
        var hash = isRecorded ? nil : SHA256()
        do throws(StreamError) {
            unsafe try RawLayer.decode(blob, within: budget) { (bytes) throws(StreamError) in
                unsafe hash?.update(bytes)
                do throws(FileError) { unsafe try each(bytes) } catch { throw .store(error) }
            }
            try blob.skipRest()
        } catch {
            if case .store(let error) = error { throw error }
            throw PatchFailure.base(layer)
        }
        let found = isRecorded ? blob.takeDigest() : hash.take()?.finish()
        guard found == (isRecorded ? layer : diffID) else { throw PatchFailure.base(layer) }
    }

    /// Removes all files except those of some layers.
    func keep(_ diffIDs: Set<Digest>) {
        files = files.filter { diffIDs.contains($0.key) }
    }
}

extension LayerCache {
    /// Whether a record of an earlier run on this machine says that a raw layer became this blob.
    fileprivate func says(_ blob: Digest, encodes diffID: Digest) -> Bool {
        if record(.decoded, of: blob)?.digest == diffID { return true }
        return LayerEncoding.allCases.contains { encoding in
            Recipe.levels(encoding)
                .contains { level in
                    guard let recipe = Recipe(encoding, level: level) else { return false }
                    return record(.encoded(recipe: recipe.name), of: diffID)?.digest == blob
                }
        }
    }
}

/// The bytes of a blob, which are hashed while they are read.
private final class BlobSource: ByteSource {
    private let source: StoredSource
    private var hash: SHA256?

    init(_ reader: FileReader, isHashed: Bool) {
        source = StoredSource(reader)
        hash = isHashed ? SHA256() : nil
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let count = unsafe try source.read(into: buffer)
        unsafe hash?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }

    /// Reads what follows the compressed stream, so that the digest is that of the whole blob.
    func skipRest() throws(StreamError) {
        guard hash != nil else { return }
        while try !bytes(64 << 10).isEmpty {}
    }

    /// The digest of all bytes; nil if they weren't hashed.
    func takeDigest() -> Digest? { hash.take()?.finish() }
}

/// The reason why a patch doesn't give its layer.
package enum PatchFailure: Error, Hashable, Sendable {
    /// A layer of the site, on which the patch is based, is damaged.
    case base(Digest)
    /// The site lacks the raw layer on which the patch is based.
    case missing(Digest)
    /// The result is not the layer that bundle.json names.
    case result(expected: Digest, found: Digest)
    /// The result is larger than the layer that bundle.json names, in bytes.
    case tooLarge(Digest, limit: Int)
    /// The patch is damaged.
    case patch(Digest, PatchError)
    /// This regstatic doesn't have the encoder of the layer.
    case recipe(String)
}

/// A file of a store, for reading at any place.
final class StoredFile: RandomAccess {
    private let reader: FileReader
    let size: Int

    init(_ reader: FileReader) { (self.reader, size) = (reader, reader.size) }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) {
        let count: Int
        do { count = unsafe try reader.read(at: offset, into: buffer) } catch {
            throw .store(error)
        }
        guard count == buffer.count else { throw .truncated }
    }
}
