// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing
import TestSupport

/// libcrypto's plain interface knows the answers.
@Suite struct SHA256PairTests {
    private func digests(
        _ first: [[UInt8]],
        _ second: [[UInt8]],
        sideBySide: Bool = true
    ) -> [Digest] {
        var pair = SHA256Pair(sideBySide: sideBySide)
        for index in 0..<max(first.count, second.count) {
            let a = index < first.count ? first[index] : []
            let b = index < second.count ? second[index] : []
            a.withUnsafeBytes { a in b.withUnsafeBytes { b in pair.update(a, b) } }
        }
        let digests = pair.finish()
        return [digests.first, digests.second]
    }

    /// All that ends around a block's end, and around where the length no longer fits in it.
    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 1000], [0, 63, 64, 200])
    func anySizes(_ one: Int, _ other: Int) {
        let first = Generator.noise(one)
        let second = Generator.noise(other, seed: 2)
        #expect(digests([first], [second]) == [Digest(of: first), Digest(of: second)])
        #expect(digests([second], [first]) == [Digest(of: second), Digest(of: first)])
    }

    @Test(arguments: UInt64(1)...40)
    func anyPieces(_ seed: UInt64) {
        var generator = Generator(seed: seed)
        let inputs = [0, 1]
            .map { Generator.noise(Int(generator.next() % 9000), seed: seed + $0 * 100) }
        let pieces = inputs.map { input in
            var pieces: [[UInt8]] = []
            var rest = input[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int(generator.next() % 700))
                pieces.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            return pieces
        }
        for sideBySide in [true, false] {
            let found = digests(pieces[0], pieces[1], sideBySide: sideBySide)
            #expect(found == inputs.map(Digest.init(of:)))
        }
    }

    /// Longer than 2^29 bytes: the bits no longer fit one word of libcrypto's count.
    @Test func longStreams() {
        let chunk = Generator.noise(1 << 20)
        var pair = SHA256Pair()
        var plain = SHA256()
        chunk.withUnsafeBytes { chunk in
            for _ in 0..<513 {
                pair.update(chunk, chunk)
                plain.update(chunk)
            }
        }
        let expected = plain.finish()
        let found = pair.finish()
        #expect(found.first == expected)
        #expect(found.second == expected)
    }
}
