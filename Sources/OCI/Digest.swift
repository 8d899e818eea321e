// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A SHA-256 content address, `sha256:<64 lower-case hex digits>`.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests>. regstatic
/// supports only SHA-256, because no engine has ever saved an image with another algorithm.
package struct Digest: Hashable, Sendable {
    /// The 32 bytes, as four big-endian words, which are cheap to compare and need no heap.
    private let words: Words

    private struct Words: Hashable {
        var (first, second, third, fourth): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        subscript(_ index: Int) -> UInt64 {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        }
    }

    /// A digest of exactly 32 bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        func word(_ index: Int) -> UInt64 {
            bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = Words(first: word(0), second: word(1), third: word(2), fourth: word(3))
    }

    /// Reads 64 lower-case hex digits; nil for anything else.
    package init?(hex: String) {
        self.init(digits: hex.utf8)
    }

    /// Reads 64 lower-case hex digits; nil for anything else.
    package init?(hex: Substring) {
        self.init(digits: hex.utf8)
    }

    /// Reads `sha256:<hex>`; nil for anything else.
    package init?(_ text: String) {
        self.init(text[...])
    }

    /// Reads `sha256:<hex>`; nil for anything else.
    package init?(_ text: Substring) {
        let bytes = text.utf8
        guard bytes.starts(with: Self.prefix.utf8) else { return nil }
        self.init(digits: bytes.dropFirst(Self.prefix.utf8.count))
    }

    private init?(digits: some Collection<UInt8>) {
        guard digits.count == 64 else { return nil }
        var words = Words()
        for digit in digits {
            guard let value = Self.value(ofHexDigit: digit) else { return nil }
            words.first = words.first << 4 | words.second >> 60
            words.second = words.second << 4 | words.third >> 60
            words.third = words.third << 4 | words.fourth >> 60
            words.fourth = words.fourth << 4 | value
        }
        self.words = words
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
