// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Compression
internal import Inputs
internal import OCI
internal import Patches
internal import Store
internal import Streams

/// The layers of a bundle that the receiving site makes from patches and from layers that it has.
struct PatchedLayers {
    private let store: BlobStore
    /// DiffID → layer of the site.
    private let layers: [Digest: Digest]
    private let raw: RawLayers
    private let threads: Int

    init(_ store: BlobStore, layers: [Digest: Digest], threads: Int) {
        (self.store, self.layers, self.threads) = (store, layers, threads)
        raw = RawLayers(in: store)
    }

    /// Makes the layers that the store lacks; the patches must be in the store.
    ///
    /// - Throws: `PatchFailure`, `FileError`; layers that were made before stay in the store.
    func make(_ patches: [BundleDocument.Patch], progress: any Progress) throws {
        let missing = try patches.filter { try store.size(of: $0.layer.digest) != $0.layer.size }
        for (number, patch) in missing.enumerated() {
            try make(patch, progress)
            let next = number + 1 < missing.count ? missing[number + 1].bases : []
            try raw.keep(Set(next))
        }
    }

    private func make(_ patch: BundleDocument.Patch, _ progress: any Progress) throws {
        guard let recipe = Recipe(named: patch.recipe) else {
            throw PatchFailure.recipe(patch.recipe)
        }
        let file = StoredFile(try store.reader(of: patch.patch.digest))
        let header: PatchHeader
        do throws(PatchError) {
            header = try PatchHeader(of: file)
            guard header.bases.map(\.diffID) == patch.bases, header.target.diffID == patch.diffID,
                header.target.size == patch.rawSize
            else { throw .damaged(.base) }
        } catch { throw PatchFailure.patch(patch.patch.digest, error) }
        try store.checkRoom([patch.layer.size] + header.bases.map(\.size))
        let bases = try patch.bases.map { diffID in
            guard let layer = layers[diffID] else { throw PatchFailure.missing(diffID) }
            return StoredFile(try raw.file(diffID, of: layer, in: store))
        }
        progress.expect(patch.rawSize)
        let source: PatchedSource
        do { source = PatchedSource(try PatchDecoder(file, bases: bases)) } catch {
            throw PatchFailure.patch(patch.patch.digest, error)
        }
        let result: (blob: StagedBlob, diffID: Digest)
        do {
            result = try RawLayer.encode(
                source,
                recipe: recipe,
                to: store,
                threads: threads,
                progress: progress
            )
        } catch let error as StreamError {
            if case .store(let error) = error { throw error }
            throw PatchFailure.patch(patch.patch.digest, source.failure ?? .stream(error))
        }
        guard result.diffID == patch.diffID, result.blob.digest == patch.layer.digest else {
            try store.discard(result.blob)
            throw PatchFailure.result(expected: patch.layer.digest, found: result.blob.digest)
        }
        try store.commit([result.blob])
    }
}

/// The result of a patch as a source of bytes.
final class PatchedSource: ByteSource {
    private let decoder: PatchDecoder
    /// The error that ended the bytes.
    private(set) var failure: PatchError?

    init(_ decoder: PatchDecoder) { self.decoder = decoder }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        do { return unsafe try decoder.read(into: buffer) } catch {
            failure = error
            if case .stream(let error) = error { throw error }
            throw .damaged("a patch")
        }
    }
}
