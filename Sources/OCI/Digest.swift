// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A SHA-256 content address, `sha256:<64 lower-case hex digits>`.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests>. regstatic
/// supports only SHA-256, because no engine has ever saved an image with another algorithm.
package struct Digest: Hashable, Sendable {
    /// The 32 bytes, as four big-endian words, which are cheap to compare and need no heap.
    private let words: SIMD4<UInt64>

    /// A digest of exactly 32 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in bytes.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// Reads 64 lower-case hex digits; nil for anything else.
    package init?(hex: some StringProtocol) {
        let digits = hex.utf8
        guard digits.count == 64 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, digit) in digits.enumerated() {
            guard let value = Self.value(ofHexDigit: digit) else { return nil }
            words[index / 16] = words[index / 16] << 4 | value
        }
        self.words = words
    }

    /// Reads `sha256:<hex>`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        self.init(hex: text.dropFirst(Self.prefix.count))
    }

    /// The 64 hex digits without the algorithm, as in a blob's file name.
    package var hex: String {
        unsafe String(unsafeUninitializedCapacity: 64) { buffer in
            for index in 0..<64 {
                let shift = UInt64(60 - (index % 16) * 4)
                let value = UInt8(truncatingIfNeeded: words[index / 16] >> shift & 15)
                unsafe buffer[index] = value < 10 ? 48 + value : 87 + value
            }
            return 64
        }
    }

    /// The folder of blobs in a layout, relative to its root.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs>
    package static let blobFolder = "blobs/sha256"

    /// The path of the blob with this digest in a layout.
    package var blobPath: String { "\(Self.blobFolder)/\(hex)" }

    private static let prefix = "sha256:"

    private static func value(ofHexDigit digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - 87)
        default: nil
        }
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { Self.prefix + hex }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool {
        for index in 0..<4 where left.words[index] != right.words[index] {
            return left.words[index] < right.words[index]
        }
        return false
    }
}
