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
        let shared = try sharedBases(of: missing)
        for (number, patch) in missing.enumerated() {
            try make(patch, sharing: shared, progress)
            let next = number + 1 < missing.count ? missing[number + 1].bases : []
            raw.keep(Set(next))
        }
    }

    /// The bases that several patches read.
    private func sharedBases(of patches: [BundleDocument.Patch]) throws -> Set<Digest> {
        guard patches.count > 1 else { return [] }
        var (read, shared): (Set<Digest>, Set<Digest>) = ([], [])
        for patch in patches {
            let ready = try ReadyPatch(patch, in: store)
            for (index, diffID) in patch.bases.enumerated()
            where ready.reads?[index].end != 0 && !read.insert(diffID).inserted {
                shared.insert(diffID)
            }
        }
        return shared
    }

    private func make(
        _ patch: BundleDocument.Patch,
        sharing shared: Set<Digest>,
        _ progress: any Progress
    ) throws {
        let ready = try ReadyPatch(patch, in: store)
        try store.checkRoom([patch.layer.size] + ready.temporarySizes(sharing: shared))
        let bases = try bases(of: ready, sharing: shared)
        progress.expect(patch.rawSize)
        let source: PatchedSource
        do { source = PatchedSource(try PatchDecoder(ready.file, bases: bases)) } catch {
            throw PatchFailure.patch(patch.patch.digest, error)
        }
        let result: (blob: StagedBlob, diffID: Digest)
        do {
            result = try RawLayer.encode(
                source,
                recipe: ready.recipe,
                limit: patch.layer.size,
                to: store,
                threads: threads,
                progress: progress
            )
        } catch let error as BlobOverflow {
            try checkBases(of: patch)
            throw PatchFailure.tooLarge(patch.layer.digest, limit: error.limit)
        } catch let error as StreamError {
            if case .store(let error) = error { throw error }
            try checkBases(of: patch)
            throw PatchFailure.patch(patch.patch.digest, source.failure ?? .stream(error))
        }
        guard result.diffID == patch.diffID, result.blob.digest == patch.layer.digest else {
            try store.discard(result.blob)
            try checkBases(of: patch)
            throw PatchFailure.result(expected: patch.layer.digest, found: result.blob.digest)
        }
        try store.commit([result.blob])
    }

    /// Opens the bases of a patch.
    ///
    /// A base that only this patch reads is decompressed while it is read, and isn't hashed, because the
    /// digests of the result show whether the base was right.
    private func bases(
        of patch: ReadyPatch,
        sharing shared: Set<Digest>
    ) throws -> [any RandomAccess] {
        try patch.header.bases.indices.map { index in
            let base = patch.header.bases[index]
            let layer = try layer(base.diffID)
            guard let reads = patch.reads?[index], !shared.contains(base.diffID) else {
                return StoredFile(try raw.file(base.diffID, of: layer, in: store))
            }
            let source: any ByteSource
            do { source = try raw.stream(layer, in: store) } catch let error as StreamError {
                if case .store(let error) = error { throw error }
                throw PatchFailure.base(layer)
            }
            return try StreamedBase(
                source,
                size: base.size,
                reads: reads,
                window: patch.window,
                store: store
            )
        }
    }

    /// Finds out whether a base is the reason why a patch doesn't give its layer.
    ///
    /// - Throws: `PatchFailure.base` for the first base that is damaged, `FileError`.
    private func checkBases(of patch: BundleDocument.Patch) throws {
        for diffID in patch.bases { unsafe try raw.check(diffID, of: layer(diffID), in: store) }
    }

    private func layer(_ diffID: Digest) throws(PatchFailure) -> Digest {
        guard let layer = layers[diffID] else { throw .missing(diffID) }
        return layer
    }
}

/// A patch of a bundle whose header is as bundle.json says.
private struct ReadyPatch {
    let recipe: Recipe
    let file: StoredFile
    let header: PatchHeader
    /// What the patch reads of each base; nil if it has too many operations to find out.
    let reads: [BaseReads]?
    /// The bytes of each base that stay in memory.
    let window: Int

    /// The bytes of all bases together that stay in memory.
    private static let windows = 16 << 20

    init(_ patch: BundleDocument.Patch, in store: BlobStore) throws {
        guard let recipe = Recipe(named: patch.recipe) else {
            throw PatchFailure.recipe(patch.recipe)
        }
        self.recipe = recipe
        file = StoredFile(try store.reader(of: patch.patch.digest))
        do throws(PatchError) {
            header = try PatchHeader(of: file)
            guard header.bases.map(\.diffID) == patch.bases, header.target.diffID == patch.diffID,
                header.target.size == patch.rawSize
            else { throw .damaged(.base) }
            window = Self.windows / header.bases.count
            reads = try BaseReads.all(of: file, header, window: window)
        } catch { throw PatchFailure.patch(patch.patch.digest, error) }
    }

    /// The sizes of the temporary files in bytes.
    func temporarySizes(sharing shared: Set<Digest>) -> [Int] {
        header.bases.enumerated()
            .map { index, base in
                guard let reads, !shared.contains(base.diffID) else { return base.size }
                return reads[index].lateSize
            }
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
