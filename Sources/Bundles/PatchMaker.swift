// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Compression
internal import Inputs
internal import OCI
internal import Patches
internal import SiteModel
internal import Store
internal import Streams

/// Makes patches of the layers of a bundle.
///
/// A layer is sent as a patch only if regstatic made it, so that the receiving site can encode it again,
/// and only if the patch is smaller than the layer.
struct PatchMaker {
    private let home: BlobStore
    /// Other stores with layers of the receiving site.
    private let others: [BlobStore]
    /// The store for raw layers and patches.
    private let scratch: BlobStore
    private let raw: RawLayers
    private let threads: Int

    /// `cache` has records of the layers that regstatic encoded on this machine.
    init(
        _ home: BlobStore,
        others: [BlobStore],
        scratch: BlobStore,
        cache: LayerCache,
        threads: Int
    ) {
        (self.home, self.others, self.scratch) = (home, others, scratch)
        self.threads = threads
        raw = RawLayers(in: scratch, cache: cache)
    }

    /// Makes the patches that are smaller than their layers, and puts them into the scratch store.
    ///
    /// `encoders` are those of the receiving site; empty if they are unknown.
    ///
    /// - Throws: `FileError`, `BlobError`.
    func patches(
        _ candidates: [BundlePlan.Candidate],
        encoders: Set<String>,
        progress: any Progress
    ) throws -> [BundleDocument.Patch] {
        var patches: [BundleDocument.Patch] = []
        for (number, candidate) in candidates.enumerated() {
            progress.expect(candidate.layer.blob.size)
            if let patch = try patch(candidate, encoders) { patches.append(patch) }
            progress.advance(candidate.layer.blob.size)
            let next = number + 1 < candidates.count ? candidates[number + 1].bases : []
            raw.keep(Set(next.map(\.diffID)))
        }
        return patches
    }

    private func patch(
        _ candidate: BundlePlan.Candidate,
        _ encoders: Set<String>
    ) throws -> BundleDocument.Patch? {
        let layer = candidate.layer
        guard let target = try file(layer, in: [home]),
            let recipe = try LayerRecipe.find(of: layer.blob.digest, in: home, raw: target),
            encoders.isEmpty || encoders.contains(recipe.encoder)
        else { return nil }
        let bases = try candidate.bases.compactMap { base in
            try file(base, in: [home] + others).map { (base.diffID, $0) }
        }
        guard !bases.isEmpty else { return nil }
        guard let made = try make(layer, from: target, bases) else { return nil }
        try scratch.commit([made])
        return BundleDocument.Patch(
            layer: BundleDocument.Content(digest: layer.blob.digest, size: layer.blob.size),
            diffID: layer.diffID,
            rawSize: target.size,
            recipe: recipe.name,
            bases: bases.map(\.0),
            patch: BundleDocument.Content(digest: made.digest, size: made.size)
        )
    }

    /// The raw form of a layer; nil if no store has the layer, or not in the form that the config names.
    private func file(_ layer: LayeredImage.Layer, in stores: [BlobStore]) throws -> FileReader? {
        for store in stores where try store.size(of: layer.blob.digest) != nil {
            do {
                return try raw.file(layer.diffID, of: layer.blob.digest, in: store)
            } catch is PatchFailure { continue }
        }
        return nil
    }

    /// Makes a patch; nil if it isn't smaller than the layer.
    private func make(
        _ layer: LayeredImage.Layer,
        from target: FileReader,
        _ bases: [(diffID: Digest, file: FileReader)]
    ) throws -> StagedBlob? {
        let encoder = PatchEncoder(
            target: PatchEncoder.Layer(
                diffID: layer.diffID,
                file: try MappedFile(descriptor: target.descriptor)
            ),
            bases: try bases.map { base in
                PatchEncoder.Layer(
                    diffID: base.diffID,
                    file: try MappedFile(descriptor: base.file.descriptor)
                )
            },
            threads: threads
        )
        let writer = try scratch.makeWriter()
        do {
            let header = unsafe try encoder.make(limit: layer.blob.size - 1) {
                (bytes) throws(StreamError) in
                do throws(FileError) { unsafe try writer.write(bytes) } catch {
                    throw .store(error)
                }
            }
            guard header != nil else {
                try writer.discard()
                return nil
            }
            return try writer.finish()
        } catch let error as StreamError {
            try writer.discard()
            if case .store(let error) = error { throw error }
            throw error
        }
    }
}
