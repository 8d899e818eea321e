// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Bytes that look random and are the same on every run (SplitMix64).
package struct Generator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Bytes that no compressor makes smaller.
    package static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = Generator(seed: seed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word = generator.next()
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return Array(bytes.prefix(count))
    }

    /// Words and numbers that compress as logs and sources do.
    package static func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        let words = [
            "layer", "manifest", "the", "registry", "of", "digest", "blob", "\n", "index",
            "serves", "a", "static", "config", "tag", "pulls", "and", "image", "from", "platform",
        ]
        var generator = Generator(seed: seed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 32)
        while bytes.count < count {
            let word = generator.next()
            bytes += words[Int(word % UInt64(words.count))].utf8
            bytes.append(UInt8(ascii: " "))
            if word >> 60 == 0 { bytes += "\(word >> 40) ".utf8 }
        }
        return Array(bytes.prefix(count))
    }
}
