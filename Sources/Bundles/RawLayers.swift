// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

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
    private let budget = ExpansionBudget()
    private var files: [Digest: StagedBlob] = [:]

    /// Creates an empty collection with its temporary files in a store's staging folder.
    init(in scratch: BlobStore) { self.scratch = scratch }

    /// The raw layer with a diffID, which is decompressed from a blob of a store.
    ///
    /// - Throws: `PatchFailure.base` if the blob has another diffID or is damaged, `FileError`.
    func file(_ diffID: Digest, of layer: Digest, in store: BlobStore) throws -> FileReader {
        if files[diffID] == nil {
            let file: StagedBlob
            do {
                file = try RawLayer.decode(layer, of: store, to: scratch, within: budget)
            } catch let error as StreamError {
                if case .store(let error) = error { throw error }
                throw PatchFailure.base(layer)
            }
            guard file.digest == diffID else {
                try scratch.discard(file)
                throw PatchFailure.base(layer)
            }
            files[diffID] = file
        }
        guard let file = files[diffID] else { throw PatchFailure.base(layer) }
        return try scratch.reader(staged: file)
    }

    /// Removes all files except those of some layers.
    func keep(_ diffIDs: Set<Digest>) throws(FileError) {
        for (diffID, file) in files where !diffIDs.contains(diffID) {
            try scratch.discard(file)
            files[diffID] = nil
        }
    }
}

/// The reason why a patch doesn't give its layer.
package enum PatchFailure: Error, Hashable, Sendable {
    /// A layer of the site, on which the patch is based, is damaged.
    case base(Digest)
    /// The site lacks the raw layer on which the patch is based.
    case missing(Digest)
    /// The result is not the layer that bundle.json names.
    case result(expected: Digest, found: Digest)
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
