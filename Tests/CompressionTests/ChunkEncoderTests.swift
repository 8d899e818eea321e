// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Compression
import OCI
import Streams
import Testing
import TestSupport

/// Decodes with the project's own reader.
private func decode(_ bytes: [UInt8], _ encoding: LayerEncoding) throws -> [UInt8] {
    let source = try StreamFormat(encoding).decompressing(Stream(bytes))
    return try Stream.contents(of: source, pieces: 100_000)
}

@Suite struct ChunkEncoderTests {
    @Test(arguments: Choice.all, Input.allCases)
    func ownReaderGivesTheInputBack(_ choice: Choice, _ input: Input) throws {
        // The reader's own suite tells of streams that hold nothing.
        guard input != .empty || choice.recipe.encoding == .gzip else { return }
        let encoded = choice.recipe.layer(input.bytes)
        #expect(try decode(encoded, choice.recipe.encoding) == input.bytes)
    }

    @Test(arguments: Choice.all, Input.allCases)
    func systemToolsGiveTheInputBack(_ choice: Choice, _ input: Input) throws {
        let tool = choice.recipe.encoding.rawValue
        guard Command.isInstalled(tool) else { return }
        let encoded = choice.recipe.layer(input.bytes)
        let result = try Command.run(tool, ["-dc"], input: encoded)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == input.bytes)
    }

    /// The memory of an encoder is used again: nothing of an earlier chunk may stay.
    @Test(arguments: Choice.all)
    func theResultDoesNotDependOnEarlierChunks(_ choice: Choice) {
        let used = ChunkEncoder(choice.recipe)
        for input in Input.allCases + Input.allCases.reversed() {
            let fresh = ChunkEncoder(choice.recipe)
            #expect(used.encoded(input.bytes) == fresh.encoded(input.bytes), "\(input)")
        }
    }

    /// Nor on where in memory the chunk lies.
    @Test(arguments: Choice.all, 1...3)
    func theResultDoesNotDependOnAlignment(_ choice: Choice, _ shift: Int) {
        let input = Input.text.bytes
        let padded = [UInt8](repeating: 0xFF, count: shift) + input
        let encoder = ChunkEncoder(choice.recipe)
        let shifted = padded.withUnsafeBytes {
            encoder.encoded(UnsafeRawBufferPointer(rebasing: $0[shift...]))
        }
        #expect(shifted == encoder.encoded(input))
    }

    @Test(arguments: Choice.all)
    func compressesWhatCanBeCompressed(_ choice: Choice) {
        let encoder = ChunkEncoder(choice.recipe)
        #expect(encoder.encoded(Input.zeros.bytes).count < 2000)
        #expect(encoder.encoded(Input.text.bytes).count < Input.text.bytes.count / 2)
        #expect(encoder.encoded(Input.noise.bytes).count < Input.noise.bytes.count + 200)
        #expect(encoder.encoded(Input.records.bytes).count < Input.records.bytes.count * 24 / 25)
        #expect(encoder.encoded(Input.islands.bytes).count < Input.islands.bytes.count * 3 / 4)
    }

    @Test func noEncodingIsTheInput() throws {
        let encoder = ChunkEncoder(.raw)
        #expect(encoder.encoded(Input.text.bytes) == Input.text.bytes)
    }

    /// A compressor that makes other bytes makes other digests of every layer: see `GoldenEncodings`.
    @Test func goldenEncodings() {
        var found: [String: String] = [:]
        for choice in Choice.all where choice.recipe.encoding == .gzip {
            for input in Input.allCases {
                let key = "\(choice.testDescription) \(input.rawValue)"
                found[key] = Digest(of: choice.recipe.layer(input.bytes)).hex
            }
        }
        let table = found.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"," }
        #expect(found == GoldenEncodings.digests, "\(table.joined(separator: "\n"))")
    }

    /// Generated inputs must not change either, or the table above says nothing.
    @Test func generatedInputsAreFixed() {
        #expect(Digest(of: Generator.noise(1000)).hex.prefix(16) == "c0b94bf9b8006ee0")
        #expect(Digest(of: Generator.text(1000)).hex.prefix(16) == "6a40ccb6b3867580")
    }
}

@Suite struct RecipeTests {
    @Test func levels() {
        #expect(Recipe(.gzip)?.level == 1)
        #expect(Recipe(.zstd)?.level == 3)
        #expect(Recipe(LayerEncoding.none) == .raw)
        #expect(Recipe(.gzip, level: 0) == nil)
        #expect(Recipe(.gzip, level: 4) == nil)
        #expect(Recipe(.zstd, level: 20) == nil)
        #expect(Recipe(LayerEncoding.none, level: 1) == nil)
    }

    /// Records of earlier runs are found by it.
    @Test func namesTellRecipesApart() {
        let all = LayerEncoding.allCases.flatMap { encoding in
            Recipe.levels(encoding).compactMap { Recipe(encoding, level: $0)?.name }
        }
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { !$0.contains("/") && !$0.contains(" ") })
    }
}
