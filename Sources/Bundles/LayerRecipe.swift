// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Compression
internal import Inputs
internal import OCI
internal import Store
internal import Streams

/// The recipe by which regstatic made a layer of a site.
enum LayerRecipe {
    /// Finds a recipe that makes exactly this layer; nil if there is none.
    ///
    /// The site's record of recipes isn't used, because it may be missing or wrong. Instead, the first and
    /// last chunks of the layer must be as the recipe encodes them; the receiving site checks the rest.
    /// If these chunks fit several levels, because no level can compress them, all chunks are compared.
    ///
    /// - Throws: `FileError`, `StreamError` if the raw layer can't be read.
    static func find(
        of layer: Digest,
        in store: BlobStore,
        raw: FileReader
    ) throws -> Recipe? {
        let head = try bytes(of: store.reader(of: layer), from: 0, count: sampleSize)
        let encodings: [LayerEncoding] =
            switch StreamFormat(sniffing: head) {
            case .gzip: [.gzip]
            case .zstd: [.zstd]
            case .tar, .other: []
            case .bzip2, .xz, .lz4: []
            }
        let recipes = encodings.flatMap { encoding in
            Recipe.levels(encoding).compactMap { Recipe(encoding, level: $0) }
        }
        let fitting = try recipes.filter { try makes(layer, by: $0, in: store, raw: raw) }
        guard fitting.count > 1 else { return fitting.first }
        return try fitting.first { recipe in
            try makes(layer, by: recipe, in: store, raw: raw, samples: .max)
        }
    }

    /// The number of chunks at the start of a layer that are compared.
    private static let samples = 3
    private static let sampleSize = samples * ChunkEncoder.outputSize

    /// Whether a recipe makes the first chunks and the last one of a layer.
    private static func makes(
        _ layer: Digest,
        by recipe: Recipe,
        in store: BlobStore,
        raw: FileReader,
        samples: Int = samples
    ) throws -> Bool {
        let reader = try store.reader(of: layer)
        let encoder = ChunkEncoder(recipe)
        let frame = LayerFrame(recipe)
        let count = max(1, (raw.size + Recipe.chunkSize - 1) / Recipe.chunkSize)
        var offset = 0
        for number in 0..<min(count, samples) {
            var expected = number == 0 ? frame.header : []
            expected += try encoded(number, of: raw, by: encoder)
            let found = try bytes(of: reader, from: offset, count: expected.count)
            guard found == expected else { return false }
            offset += expected.count
        }
        let last = try encoded(count - 1, of: raw, by: encoder)
        let end = reader.size - frame.trailer.count
        guard end >= last.count else { return false }
        return try bytes(of: reader, from: end - last.count, count: last.count) == last
    }

    private static func encoded(
        _ chunk: Int,
        of raw: FileReader,
        by encoder: ChunkEncoder
    ) throws(FileError) -> [UInt8] {
        let start = chunk * Recipe.chunkSize
        let bytes = try bytes(
            of: raw,
            from: start,
            count: min(Recipe.chunkSize, raw.size - start)
        )
        var output = [UInt8](repeating: 0, count: ChunkEncoder.outputSize)
        let count = unsafe output.withUnsafeMutableBytes { output in
            unsafe bytes.withUnsafeBytes { unsafe encoder.encode($0, into: output).count }
        }
        return Array(output.prefix(count))
    }

    private static func bytes(
        of file: FileReader,
        from offset: Int,
        count: Int
    ) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
            unsafe try file.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return Array(bytes.prefix(read))
    }
}
